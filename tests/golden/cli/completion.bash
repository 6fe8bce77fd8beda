# bash completion of tenon: put into ~/.bashrc
#   source <(tenon completion bash)
_tenon() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at='' options='' commands='' values='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${COMP_WORDS[i]}" in
      ' dev'|' pull'|' check'|' schema'|' schema validate'|' schema format'|' schema describe'|' schema diagram'|' migrate'|' migrate dev'|' migrate deploy'|' migrate status'|' migrate diff'|' migrate lint'|' migrate down'|' migrate squash'|' migrate import'|' migrate resolve'|' migrate reset'|' db'|' db start'|' db stop'|' db status'|' db url'|' db shell'|' db reset'|' db push'|' db execute'|' db seed'|' serve'|' auth'|' auth key'|' auth key create'|' auth key list'|' secret'|' secret set'|' secret list'|' secret remove'|' doctor'|' explain'|' policy'|' policy explain'|' policy test'|' policy rls'|' graphql'|' graphql check-stdio'|' lsp'|' completion'|' completion bash'|' completion zsh'|' completion fish'|' version') at="$at ${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at" in
    '') commands='dev pull check schema migrate db serve auth secret doctor explain policy graphql lsp completion version' options='--help -h --version --project -C --database' values='--project -C --database' ;;
    ' dev') commands='' options='--help -h --url --port --host --schema --threads --project -C --database' values='--url --port --host --schema --threads --project -C --database' ;;
    ' pull') commands='' options='--help -h --url --schema --all-schemas --out --force --print --json --project -C --database' values='--url --schema --out --project -C --database' ;;
    ' check') commands='' options='--help -h --url --schema --json --project -C --database' values='--url --schema --project -C --database' ;;
    ' schema') commands='validate format describe diagram' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' schema validate') commands='' options='--help -h --schema --prisma-compat --json --project -C --database' values='--schema --prisma-compat --project -C --database' ;;
    ' schema format') commands='' options='--help -h --schema --prisma-compat --check --project -C --database' values='--schema --prisma-compat --project -C --database' ;;
    ' schema describe') commands='' options='--help -h --schema --prisma-compat --project -C --database' values='--schema --prisma-compat --project -C --database' ;;
    ' schema diagram') commands='' options='--help -h --schema --format --out --project -C --database' values='--schema --format --out --project -C --database' ;;
    ' migrate') commands='dev deploy status diff lint down squash import resolve reset' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' migrate dev') commands='' options='--help -h --name --create-only --rename --online --contract --accept-data-loss --adopt-drift --ignore-drift --schema --url --migrations --shadow-url --lock-timeout --json --project -C --database' values='--name --rename --schema --url --migrations --shadow-url --lock-timeout --project -C --database' ;;
    ' migrate deploy') commands='' options='--help -h --url --migrations --lock-timeout --resume --strict --with --command --json --project -C --database' values='--url --migrations --lock-timeout --with --command --project -C --database' ;;
    ' migrate status') commands='' options='--help -h --url --migrations --shadow-url --drift --json --project -C --database' values='--url --migrations --shadow-url --project -C --database' ;;
    ' migrate diff') commands='' options='--help -h --from-empty --from-schema --from-migrations --from-database --from-config-datasource --from-url --to-empty --to-schema --to-migrations --to-database --to-config-datasource --to-url --script --exit-code --output -o --rename --online --url --shadow-url --project -C --database' values='--from-schema --from-migrations --from-url --to-schema --to-migrations --to-url --output -o --rename --url --shadow-url --project -C --database' ;;
    ' migrate lint') commands='' options='--help -h --url --against --migrations --exit-code --json --project -C --database' values='--url --against --migrations --project -C --database' ;;
    ' migrate down') commands='' options='--help -h --steps --to --resume --create-only --accept-data-loss --url --migrations --shadow-url --lock-timeout --project -C --database' values='--steps --to --url --migrations --shadow-url --lock-timeout --project -C --database' ;;
    ' migrate squash') commands='' options='--help -h --from --to --name --url --migrations --shadow-url --project -C --database' values='--from --to --name --url --migrations --shadow-url --project -C --database' ;;
    ' migrate import') commands='' options='--help -h --from --url --migrations --lock-timeout --project -C --database' values='--from --url --migrations --lock-timeout --project -C --database' ;;
    ' migrate resolve') commands='' options='--help -h --applied --rolled-back --url --migrations --lock-timeout --project -C --database' values='--applied --rolled-back --url --migrations --lock-timeout --project -C --database' ;;
    ' migrate reset') commands='' options='--help -h --url --migrations --lock-timeout --force -f --project -C --database' values='--url --migrations --lock-timeout --project -C --database' ;;
    ' db') commands='start stop status url shell reset push execute seed' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' db start') commands='' options='--help -h --json --project -C --database' values='--project -C --database' ;;
    ' db stop') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' db status') commands='' options='--help -h --json --project -C --database' values='--project -C --database' ;;
    ' db url') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' db shell') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' db reset') commands='' options='--help -h --yes -y --project -C --database' values='--project -C --database' ;;
    ' db push') commands='' options='--help -h --accept-data-loss --force-reset --rename --online --schema --url --lock-timeout --project -C --database' values='--rename --schema --url --lock-timeout --project -C --database' ;;
    ' db execute') commands='' options='--help -h --file --stdin --url --lock-timeout --project -C --database' values='--file --url --lock-timeout --project -C --database' ;;
    ' db seed') commands='' options='--help -h --url --project -C --database' values='--url --project -C --database' ;;
    ' serve') commands='' options='--help -h --url --port --host --schema --threads --api-key --project -C --database' values='--url --port --host --schema --threads --api-key --project -C --database' ;;
    ' auth') commands='key' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' auth key') commands='create list' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' auth key create') commands='' options='--help -h --name --days --project -C --database' values='--name --days --project -C --database' ;;
    ' auth key list') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' secret') commands='set list remove' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' secret set') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' secret list') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' secret remove') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' doctor') commands='' options='--help -h --url --schema --json --project -C --database' values='--url --schema --project -C --database' ;;
    ' explain') commands='' options='--help -h --stop-after --analyze --far --operation --variables --as --provider --guest --url --schema --project -C --database' values='--stop-after --operation --variables --as --provider --url --schema --project -C --database' ;;
    ' policy') commands='explain test rls' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' policy explain') commands='' options='--help -h --as --provider --guest --json --url --schema --project -C --database' values='--as --provider --url --schema --project -C --database' ;;
    ' policy test') commands='' options='--help -h --filter --url --schema --project -C --database' values='--filter --url --schema --project -C --database' ;;
    ' policy rls') commands='' options='--help -h --migration --role --setting --url --schema --project -C --database' values='--migration --role --setting --url --schema --project -C --database' ;;
    ' graphql') commands='check-stdio' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' graphql check-stdio') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' lsp') commands='' options='--help -h --stdio --project -C --database' values='--project -C --database' ;;
    ' completion') commands='bash zsh fish' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' completion bash') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' completion zsh') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' completion fish') commands='' options='--help -h --project -C --database' values='--project -C --database' ;;
    ' version') commands='' options='--help -h --json --project -C --database' values='--project -C --database' ;;
  esac
  COMPREPLY=()
  case " $values " in
    *" $prev "*) return ;;  # a file or folder, which bash completes
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$cur")) ;;
  esac
}
complete -o default -F _tenon tenon
