#!/usr/bin/env bash
# Publishes a request and shows its results until the last one.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deployment/onboard.sh [option]... REQUEST.json|-

Publishes a request on the requests topic and shows its results: one line per step on standard error, and every result as a
JSON line on standard output.

  --prefix PREFIX       prefix of the names of the topics (default: cmek-)
  --project PROJECT     project of the service (default: the current project of gcloud)
  --subscription NAME   read results from this subscription instead of a temporary one; results of other requests in it are
                        acknowledged, too
  --timeout SECONDS     how long to wait for the last result (default: 900); the onboarding continues after this time
  --help                this text

exit status: 0 the request succeeded, 1 it was refused or failed, or did not end in time, 2 wrong usage
needs: gcloud and jq; permission to publish on the requests topic and, without --subscription, to create a subscription to
the results
TEXT
}

refuse_usage() {
  printf 'onboard.sh: %s\n' "$1" >&2
  printf 'run deployment/onboard.sh --help for help\n' >&2
  exit 2
}

prefix=cmek-
project=
subscription=
timeout=900
file=

while (($#)); do
  case $1 in
    --help) usage; exit 0 ;;
    --prefix | --project | --subscription | --timeout)
      (($# > 1)) || refuse_usage "$1 needs a value"
      declare "${1#--}=$2"
      shift
      ;;
    -) file=/dev/stdin ;;
    -*) refuse_usage "unknown option $1" ;;
    *)
      [[ -z $file ]] || refuse_usage 'only one request file is allowed'
      file=$1
      ;;
  esac
  shift
done

[[ -n $file ]] || refuse_usage 'the request file is missing'
[[ $timeout =~ ^[1-9][0-9]{0,5}$ ]] || refuse_usage "--timeout $timeout is not a number of seconds"
for tool in gcloud jq; do
  command -v "$tool" >/dev/null || refuse_usage "$tool is not installed"
done
[[ $file == /dev/stdin || -r $file ]] || refuse_usage "$file cannot be read"
request=$(cat -- "$file")
# The service checks the content of the object and reports all errors at once.
jq -e 'type == "object"' >/dev/null 2>&1 <<<"$request" || refuse_usage "$file is not a JSON object"

if [[ -z $project ]]; then
  project=$(gcloud config get-value project 2>/dev/null || true)
  [[ -n $project && $project != '(unset)' ]] || refuse_usage '--project is missing, and gcloud does not have a current project'
fi

# Identifies the results of this request, so it must be known before anything is published.
request=$(jq -c --arg id "onboard-$(date -u +%Y%m%dT%H%M%SZ)-$$" 'if has("requestId") then . else . + {requestId: $id} end' <<<"$request")
request_id=$(jq -r '.requestId | strings' <<<"$request")
[[ $request_id =~ ^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$ ]] ||
  refuse_usage 'requestId must be a string of at most 128 letters, digits, dots, colons, dashes and underscores'

temporary=
# Called by the trap.
# shellcheck disable=SC2317,SC2329
clean_up() {
  if [[ -n $temporary ]]; then
    gcloud pubsub subscriptions delete "$temporary" --project="$project" --quiet >/dev/null 2>&1 ||
      printf 'onboard.sh: the subscription %s could not be deleted; it expires after a day without use\n' "$temporary" >&2
  fi
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Created before anything is published: a subscription only gets messages that are published after it is created.
if [[ -z $subscription ]]; then
  subscription=${prefix}results-onboard-$$-$RANDOM
  gcloud pubsub subscriptions create "$subscription" --project="$project" --topic="${prefix}results" \
    --message-filter="attributes.requestId = \"$request_id\"" --expiration-period=1d \
    --message-retention-duration=1h --quiet >/dev/null 2>&1 || {
    printf 'onboard.sh: a subscription to %sresults in %s could not be created; use --subscription with an existing one\n' \
      "$prefix" "$project" >&2
    exit 1
  }
  temporary=$subscription
fi

gcloud pubsub topics publish "${prefix}onboarding-requests" --project="$project" --message="$request" --quiet >/dev/null || {
  printf 'onboard.sh: the request could not be published on %sonboarding-requests in %s\n' "$prefix" "$project" >&2
  exit 1
}
printf 'published   %s\n' "$request_id" >&2

# Shows a result without terminal control characters.
show() {
  jq -r '
    def plain: tostring | gsub("[\\x00-\\x1f\\x7f-\\x9f]"; " ");
    [(.status | plain), ((.step // "-") | plain), (.reason // (.steps // [] | last | .outcome) // "" | plain),
     ((.steps // [] | last | .millis | numbers | "\(.) ms") // ""), (.message // "" | plain)]
    | @tsv' <<<"$1" | awk -F'\t' '{ printf "%-11s %-18s %-14s %8s  %s\n", $1, $2, $3, $4, $5 }' >&2
}

seen=' '
deadline=$((SECONDS + timeout))
while ((SECONDS < deadline)); do
  # Do not rely on the filter: the emulator ignores it, and a subscription from --subscription may not have one.
  pulled=$(gcloud pubsub subscriptions pull "$subscription" --project="$project" --limit=100 --auto-ack --format=json --quiet 2>/dev/null) || {
    printf 'onboard.sh: results cannot be read from %s at the moment; trying again\n' "$subscription" >&2
    sleep 2
    continue
  }
  results=$(jq -c --arg id "$request_id" '
    [.[].message | select(.attributes.requestId == $id)
     | {id: (.attributes["ce-id"] // .messageId), result: (.data | @base64d | fromjson? // empty)}]
    | sort_by(.result.occurredAt) | .[]' <<<"${pulled:-[]}")
  ended=
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    id=$(jq -r .id <<<"$line")
    # Shows a redelivered result only once.
    [[ $seen != *" $id "* ]] || continue
    seen+="$id "
    result=$(jq -c .result <<<"$line")
    show "$result"
    printf '%s\n' "$result"
    case $(jq -r .status <<<"$result") in
      PLANNED | VALIDATED | AWAITING_APPROVAL | ATTACHED) ended=0 ;;
      REFUSED | FAILED)
        ended=1
        jq -r '(.remedy // [])[] | gsub("[\\x00-\\x1f\\x7f-\\x9f]"; " ") | "  " + .' <<<"$result" >&2
        ;;
    esac
  done <<<"$results"
  [[ -z $ended ]] || exit "$ended"
  sleep 1
done

printf 'onboard.sh: %s did not end within %s s; the onboarding continues, and its results are published on %sresults\n' \
  "$request_id" "$timeout" "$prefix" >&2
exit 1
