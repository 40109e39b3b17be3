#!/usr/bin/env bash
# Proves in a real project what only a real project can prove, one line per fact.
set -uo pipefail

usage() {
  cat <<'TEXT'
usage: deployment/prove.sh --project PROJECT --keys PROJECT [option]...

Run it once after steps 4 to 6 of deployment/README.md, with the account that applied Terraform. It prints one line per
fact, PASS, FAIL or SKIPPED, and why. It reads, publishes one request in mode plan, and starts one scan. It does not create,
change or delete anything else, and never touches a key.

  --project PROJECT   project of the service
  --keys PROJECT      project of the keys
  --region REGION     region of the service (default: us-central1)
  --prefix PREFIX     prefix of the names (default: cmek-)
  --key-ring RING     key ring in us-east5 that the service may touch, where key_rings is set (default: prove)
  --only WORD         only the facts whose name has this word
  --help              this text

exit status: 0 no fact failed, 1 a fact failed, 2 wrong usage
needs: gcloud, jq, terraform with the service's state, and the roles in deployment/README.md
TEXT
}

refuse_usage() {
  printf 'prove.sh: %s\n' "$1" >&2
  printf 'run deployment/prove.sh --help for help\n' >&2
  exit 2
}

project=
keys=
region=us-central1
prefix=cmek-
key_ring=prove
only=
while (($#)); do
  case $1 in
    --help) usage; exit 0 ;;
    --project | --keys | --region | --prefix | --key-ring | --only)
      (($# > 1)) || refuse_usage "$1 needs a value"
      option=${1#--}
      declare "${option//-/_}=$2"
      shift
      ;;
    *) refuse_usage "unknown argument $1" ;;
  esac
  shift
done
[[ -n $project ]] || refuse_usage '--project is missing'
[[ -n $keys ]] || refuse_usage '--keys is missing'
for tool in gcloud jq; do
  command -v "$tool" >/dev/null || refuse_usage "$tool is not installed"
done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

passed=0
failed=0
skipped=0
why=

verdict() {
  printf '%-8s %-34s %s\n' "$1" "$2" "$(tr -cd '[:print:]' <<<"$3" | cut -c 1-160)"
  case $1 in
    PASS) passed=$((passed + 1)) ;;
    FAIL) failed=$((failed + 1)) ;;
    SKIPPED) skipped=$((skipped + 1)) ;;
  esac
}

# A fact is a function that answers 0 if it holds, 1 if it does not, and 3 if it cannot be known here; it says why in $why.
fact() {
  local name=$1
  [[ -z $only || $name == *"$only"* ]] || return 0
  why=
  "$2" 2>/dev/null
  case $? in
    0) verdict PASS "$name" "$why" ;;
    3) verdict SKIPPED "$name" "$why" ;;
    *) verdict FAIL "$name" "${why:-the command failed}" ;;
  esac
}

# gcloud in the service's project, without questions.
in_service() {
  gcloud "$@" --project="$project" --quiet
}

credentials() {
  local account
  account=$(gcloud auth list --filter=status:ACTIVE --format='value(account)' --quiet) && [[ -n $account ]]
  why=${account:+as $account}
  [[ -n $why ]] || { why='gcloud auth login first'; return 1; }
}

second_plan_is_empty() {
  command -v terraform >/dev/null || { why='terraform is not installed'; return 3; }
  [[ -d $here/../terraform/.terraform ]] || { why='run terraform -chdir=terraform init first'; return 3; }
  terraform -chdir="$here/../terraform" plan -input=false -lock=false -detailed-exitcode >/dev/null
  case $? in
    0) why='terraform plan shows no changes' ;;
    2) why='terraform plan shows changes right after an apply'; return 1 ;;
    *) why='terraform plan failed'; return 1 ;;
  esac
}

services_are_ready() {
  local services ready
  services=$(in_service run services list --region="$region" --filter="metadata.name~^$prefix" --format=json) || return 1
  ready=$(jq '[.[] | select(any(.status.conditions[]?; .type == "Ready" and .status == "True"))] | length' <<<"$services") || return 1
  why="$ready of $(jq length <<<"$services") services are ready"
  ((ready >= 9)) && [[ $ready == "$(jq length <<<"$services")" ]]
}

# Sets $functions to the functions of this deployment; 3 on the other host.
list_functions() {
  functions=$(in_service functions list --v2 --regions="$region" --filter="name~/$prefix" --format=json) || return 1
  [[ $(jq length <<<"$functions") != 0 ]] || { why='host = "cloud-run": there are no functions'; return 3; }
}

runtime_and_invoker() {
  list_functions || return $?
  why="runtimes $(jq -r '[.[].buildConfig.runtime] | unique | join(", ")' <<<"$functions"); built with USE_JAVA_FF_2"
  jq -e 'all(.[]; .state == "ACTIVE" and .buildConfig.environmentVariables.USE_JAVA_FF_2 == "true")' <<<"$functions" >/dev/null ||
    { why='a function is not active, or was built without USE_JAVA_FF_2'; return 1; }
}

builds_have_their_account() {
  list_functions || return $?
  why="builds run as ${prefix}build"
  jq -e --arg account "/${prefix}build@" 'all(.[]; .buildConfig.serviceAccount | strings | contains($account))' <<<"$functions" >/dev/null ||
    { why='a function was built under another account'; return 1; }
}

eventarc_keeps_the_settings() {
  local triggers subscription settings bad=0 count=0
  triggers=$(in_service eventarc triggers list --location="$region" --filter="name~/$prefix" --format='value(transport.pubsub.subscription)') || return 1
  [[ -n $triggers ]] || { why='host = "cloud-run": there are no triggers'; return 3; }
  while IFS= read -r subscription; do
    settings=$(in_service pubsub subscriptions describe "$subscription" --format=json) || return 1
    count=$((count + 1))
    # The function that processes dead letters has none itself.
    jq -e '(.topic | endswith("dead-letter")) or .deadLetterPolicy.deadLetterTopic' <<<"$settings" >/dev/null || bad=$((bad + 1))
  done <<<"$triggers"
  why="$count subscriptions, $bad without dead letters"
  ((bad == 0)) || { why+='; run deployment/eventarc-dead-letters.sh'; return 1; }
}

# The role exists with all its permissions only if a project's role may have them.
roles_of_the_key_project() {
  local role
  role=$(gcloud iam roles describe "$(tr - _ <<<"$prefix")checkPrerequisites_project" --project="$keys" --format='value(includedPermissions)' --quiet) ||
    { why="the role does not exist in $keys, or you may not read it"; return 1; }
  why='orgpolicy.policy.get is accepted in a role of a project'
  [[ $role == *orgpolicy.policy.get* ]] || { why='orgpolicy.policy.get is withheld'; return 3; }
}

data_access_logs() {
  gcloud projects get-iam-policy "$keys" --format=json --quiet |
    jq -e '[.auditConfigs[]? | select(.service == "cloudkms.googleapis.com") | .auditLogConfigs[].logType] | contains(["DATA_READ", "DATA_WRITE"])' >/dev/null ||
    { why="not turned on in $keys itself"; return 1; }
  why="on for Cloud KMS in $keys"
}

sink_may_publish() {
  local writer
  writer=$(gcloud logging sinks describe "${prefix}key-changes" --project="$keys" --format='value(writerIdentity)' --quiet) ||
    { why="the sink does not exist in $keys"; return 1; }
  in_service pubsub topics get-iam-policy "${prefix}key-changes" --format=json |
    jq -e --arg writer "$writer" 'any(.bindings[]?; .role == "roles/pubsub.publisher" and any(.members[]; . == $writer))' >/dev/null ||
    { why="$writer is not in key_change_writers"; return 1; }
  why=$writer
}

# Whether the filter matches what Google writes: any change that the sink exports, of the last thirty days.
sink_matches_real_entries() {
  local filter found
  filter=$(gcloud logging sinks describe "${prefix}key-changes" --project="$keys" --format='value(filter)' --quiet) || return 1
  found=$(gcloud logging read "$filter" --project="$keys" --freshness=30d --limit=1 --format='value(protoPayload.methodName)' --quiet) || return 1
  [[ -n $found ]] || { why='no change of a key in thirty days'; return 3; }
  why="$found"
}

alerts_exist() {
  local count
  count=$(in_service alpha monitoring policies list --filter="displayName:\"$prefix\"" --format='value(name)' | grep -c .)
  why="$count alert policies"
  ((count >= 3))
}

# The command for people: the one on the PATH, or the one beside this script.
cmek=$(command -v cmek || echo "$here/cmek")

# Publishes a request that writes nothing anywhere.
request_in_mode_plan() {
  local ended
  ended=$(jq -nc --arg keys "$keys" --arg ring "$key_ring" '{mode: "plan", key: {project: $keys, location: "us-east5", keyRing: $ring, name: "prove"}}' |
    "$cmek" onboard --json --project "$project" --prefix "$prefix" --timeout 300 -)
  why=$(jq -r '"\(.status) \(.reason // "") \(.message // "")"' <<<"$ended")
  [[ $(jq -r .status <<<"$ended") == PLANNED ]]
}

scan_ends() {
  local begun found
  in_service scheduler jobs describe "${prefix}scan" --location="$region" >/dev/null || { why='there is no scan'; return 3; }
  begun=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  in_service pubsub topics publish "${prefix}scan" --attribute=trigger=manual >/dev/null || return 1
  for _ in {1..60}; do
    found=$(in_service logging read "jsonPayload.result.status=(\"SCAN_COMPLETED\" OR \"SCAN_INCOMPLETE\") AND timestamp>=\"$begun\"" --limit=1 --format='value(jsonPayload.result.status, jsonPayload.result.message)')
    [[ -z $found ]] || break
    sleep "${PROVE_PAUSE:-10}"
  done
  why=${found:-no scan ended within ten minutes}
  [[ $found == SCAN_COMPLETED* ]]
}

metric_of_results() {
  local name="logging_googleapis_com:user_${prefix//-/_}results" token answer
  command -v curl >/dev/null || { why='curl is not installed'; return 3; }
  token=$(gcloud auth print-access-token --quiet) || return 1
  answer=$(curl --silent --fail --max-time 30 --get --config <(printf 'header = "Authorization: Bearer %s"\n' "$token") \
    --data-urlencode "query=sum(increase(${name}{monitored_resource=\"cloud_run_revision\"}[24h]))" \
    "${PROVE_MONITORING:-https://monitoring.googleapis.com}/v1/projects/$project/location/global/prometheus/api/v1/query") || return 1
  why="$(jq -r '.data.result[0].value[1] // "no"' <<<"$answer") results in the last day"
  [[ $why != 'no results'* ]] || { why='the metric has no data yet; a new one takes some minutes'; return 3; }
}

evidence_is_written() {
  local bucket
  bucket=$(in_service storage buckets list --filter="name~${prefix}evidence\$" --format='value(name)' | head -n 1)
  [[ -n $bucket ]] || { why='the bucket has another name'; return 3; }
  why="gs://$bucket"
  [[ -n $(in_service storage ls "gs://$bucket") ]] || { why+=' is empty'; return 1; }
}

dead_letters() {
  "$cmek" dead-letters --project "$project" --prefix "$prefix" >/dev/null 2>&1 || { why='cmek dead-letters cannot list them'; return 1; }
  why='cmek dead-letters lists them'
}

fact 'credentials' credentials
fact 'terraform: second plan is empty' second_plan_is_empty
fact 'services are ready' services_are_ready
fact 'functions: runtime and invoker' runtime_and_invoker
fact 'functions: account of builds' builds_have_their_account
fact 'eventarc: dead letters stay set' eventarc_keeps_the_settings
fact 'key project: roles' roles_of_the_key_project
fact 'key project: Data Access logs' data_access_logs
fact 'key project: sink may publish' sink_may_publish
fact 'key project: sink matches entries' sink_matches_real_entries
fact 'alerts exist' alerts_exist
fact 'request in mode plan' request_in_mode_plan
fact 'scan ends' scan_ends
fact 'metric of results has data' metric_of_results
fact 'evidence is written' evidence_is_written
fact 'dead letters can be read' dead_letters
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0))
