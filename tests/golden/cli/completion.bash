# bash completion of tenon: put into ~/.bashrc
#   source <(tenon completion bash)
_tenon() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at='' options='' commands='' values='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${COMP_WORDS[i]}" in
      ' dev'|' pull'|' check'|' schema'|' schema validate'|' schema format'|' schema describe'|' schema diagram'|' migrate'|' migrate dev'|' migrate deploy'|' migrate status'|' migrate diff'|' migrate resolve'|' migrate reset'|' db'|' db start'|' db stop'|' db status'|' db url'|' db shell'|' db reset'|' db push'|' db execute'|' db seed'|' serve'|' explain'|' graphql'|' graphql check-stdio'|' lsp'|' completion'|' completion bash'|' completion zsh'|' completion fish'|' version') at="$at ${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at" in
    '') commands='dev pull check schema migrate db serve explain graphql lsp completion version' options='--help -h --version --project -C' values='--project -C' ;;
    ' dev') commands='' options='--help -h --url --port --host --schema --threads --project -C' values='--url --port --host --schema --threads --project -C' ;;
    ' pull') commands='' options='--help -h --url --schema --all-schemas --out --force --print --json --project -C' values='--url --schema --out --project -C' ;;
    ' check') commands='' options='--help -h --url --schema --json --project -C' values='--url --schema --project -C' ;;
    ' schema') commands='validate format describe diagram' options='--help -h --project -C' values='--project -C' ;;
    ' schema validate') commands='' options='--help -h --schema --prisma-compat --json --project -C' values='--schema --prisma-compat --project -C' ;;
    ' schema format') commands='' options='--help -h --schema --prisma-compat --check --project -C' values='--schema --prisma-compat --project -C' ;;
    ' schema describe') commands='' options='--help -h --schema --prisma-compat --project -C' values='--schema --prisma-compat --project -C' ;;
    ' schema diagram') commands='' options='--help -h --schema --format --out --project -C' values='--schema --format --out --project -C' ;;
    ' migrate') commands='dev deploy status diff resolve reset' options='--help -h --project -C' values='--project -C' ;;
    ' migrate dev') commands='' options='--help -h --name --create-only --rename --online --accept-data-loss --adopt-drift --ignore-drift --schema --url --migrations --shadow-url --lock-timeout --json --project -C' values='--name --rename --schema --url --migrations --shadow-url --lock-timeout --project -C' ;;
    ' migrate deploy') commands='' options='--help -h --url --migrations --lock-timeout --resume --strict --json --project -C' values='--url --migrations --lock-timeout --project -C' ;;
    ' migrate status') commands='' options='--help -h --url --migrations --shadow-url --drift --json --project -C' values='--url --migrations --shadow-url --project -C' ;;
    ' migrate diff') commands='' options='--help -h --from-empty --from-schema --from-migrations --from-database --from-config-datasource --from-url --to-empty --to-schema --to-migrations --to-database --to-config-datasource --to-url --script --exit-code --output -o --rename --online --url --shadow-url --project -C' values='--from-schema --from-migrations --from-url --to-schema --to-migrations --to-url --output -o --rename --url --shadow-url --project -C' ;;
    ' migrate resolve') commands='' options='--help -h --applied --rolled-back --url --migrations --lock-timeout --project -C' values='--applied --rolled-back --url --migrations --lock-timeout --project -C' ;;
    ' migrate reset') commands='' options='--help -h --url --migrations --lock-timeout --force -f --project -C' values='--url --migrations --lock-timeout --project -C' ;;
    ' db') commands='start stop status url shell reset push execute seed' options='--help -h --project -C' values='--project -C' ;;
    ' db start') commands='' options='--help -h --json --project -C' values='--project -C' ;;
    ' db stop') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' db status') commands='' options='--help -h --json --project -C' values='--project -C' ;;
    ' db url') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' db shell') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' db reset') commands='' options='--help -h --yes -y --project -C' values='--project -C' ;;
    ' db push') commands='' options='--help -h --accept-data-loss --force-reset --rename --online --schema --url --lock-timeout --project -C' values='--rename --schema --url --lock-timeout --project -C' ;;
    ' db execute') commands='' options='--help -h --file --stdin --url --lock-timeout --project -C' values='--file --url --lock-timeout --project -C' ;;
    ' db seed') commands='' options='--help -h --url --project -C' values='--url --project -C' ;;
    ' serve') commands='' options='--help -h --url --port --host --schema --threads --api-key --project -C' values='--url --port --host --schema --threads --api-key --project -C' ;;
    ' explain') commands='' options='--help -h --stop-after --analyze --far --operation --variables --url --schema --project -C' values='--stop-after --operation --variables --url --schema --project -C' ;;
    ' graphql') commands='check-stdio' options='--help -h --project -C' values='--project -C' ;;
    ' graphql check-stdio') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' lsp') commands='' options='--help -h --stdio --project -C' values='--project -C' ;;
    ' completion') commands='bash zsh fish' options='--help -h --project -C' values='--project -C' ;;
    ' completion bash') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' completion zsh') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' completion fish') commands='' options='--help -h --project -C' values='--project -C' ;;
    ' version') commands='' options='--help -h --json --project -C' values='--project -C' ;;
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
