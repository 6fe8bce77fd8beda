#compdef tenon
# zsh completion of tenon: put into ~/.zshrc
#   source <(tenon completion zsh)
_tenon() {
  local at='' word
  local -a commands options
  for word in ${words[2,CURRENT-1]}; do
    case "$at $word" in
      ' dev'|' pull'|' check'|' db'|' db start'|' db stop'|' db status'|' db url'|' db shell'|' db reset'|' serve'|' explain'|' graphql'|' graphql check-stdio'|' completion'|' completion bash'|' completion zsh'|' completion fish'|' version') at="$at $word" ;;
    esac
  done
  case "$at" in
    '') commands=( 'dev:Serve the API locally, reloading on every change' 'pull:Describe a database'\''s tables in prisma/' 'check:Find mistakes in tenon.toml, schema files and overlay' 'db:The project'\''s own PostgreSQL\: start, stop, shell …' 'serve:Serve the API in production' 'explain:Show what becomes of an operation, down to its SQL' 'graphql:The GraphQL language alone' 'completion:Completion of commands and options for your shell' 'version:Which version this is' ) options=( '--help:Show this page' '-h:Show this page' '--version:Show the version' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' dev') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--url:The database, instead of the configured one (env\:NAME works too)' '--port:Port to listen on, 4000 unless configured; 0 takes any free one' '--host:Address to listen on, 127.0.0.1 unless configured' '--schema:A schema of the database to serve, when there are no schema files; may be repeated' '--threads:Worker threads; one for each core unless given' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' pull') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--url:The database, also as env\:NAME or file\:PATH; instead of the configured one' '--schema:A database schema to read; may be repeated' '--all-schemas:Read all of them' '--out:Where to write, instead of prisma/' '--force:Replace a schema that was written or edited by hand' '--print:Write the schema to stdout and nothing to files' '--json:What was done, as JSON' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' check') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--url:The database, when there are no schema files (env\:NAME works too)' '--schema:Its schemas; may be repeated' '--json:Findings as JSON, for editors and CI' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db') commands=( 'start:Make it if there is none, start it unless it runs' 'stop:Stop it; the data stays' 'status:Whether it runs, where, and how large it is' 'url:Print its URL, password included' 'shell:Open psql in it' 'reset:Throw all its data away and begin empty' ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db start') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--json:The result as JSON' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db stop') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db status') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--json:The result as JSON' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db url') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db shell') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' db reset') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--yes:Do not ask' '-y:Do not ask' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' serve') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--url:The database, instead of the configured one (env\:NAME works too)' '--port:Port to listen on, 8080 unless configured; 0 takes any free one' '--host:Address to listen on, 127.0.0.1 unless configured' '--schema:A schema of the database to serve, when there are no schema files; may be repeated' '--threads:Worker threads; one for each core unless given' '--api-key:Where a client'\''s key is\: env\:NAME or file\:PATH; may be repeated' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' explain') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--stop-after:The last stage to show\: document, operation, plan or statements' '--operation:Which operation of the document' '--variables:Values of its variables, as a JSON object' '--url:The database, when there are no schema files' '--schema:Its schemas; may be repeated' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' graphql') commands=( 'check-stdio:Parse and validate documents\: one JSON request a line in, one JSON answer a line out' ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' graphql check-stdio') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' completion') commands=( 'bash:The script for bash' 'zsh:The script for zsh' 'fish:The script for fish' ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' completion bash') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' completion zsh') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' completion fish') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
    ' version') commands=( ) options=( '--help:Show this page' '-h:Show this page' '--json:As JSON' '--project:The project'\''s folder, instead of looking for it' '-C:The project'\''s folder, instead of looking for it' ) ;;
  esac
  if [[ $PREFIX == -* ]]; then
    _describe option options
  elif (( $#commands )); then
    _describe command commands
  else
    _files
  fi
}
(( $+functions[compdef] )) && compdef _tenon tenon
