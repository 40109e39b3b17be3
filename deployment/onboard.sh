#!/usr/bin/env bash
# Publishes a request and follows its results until the last one.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deployment/onboard.sh [option]... REQUEST.json|-

Publishes a request on the requests topic and shows what becomes of it: one line a step on standard error, every result
as a JSON line on standard output.

  --prefix PREFIX       what the topics' names begin with (cmek-)
  --project PROJECT     project of the service (the one that gcloud is set to)
  --subscription NAME   read results from this subscription instead of a temporary one; what it holds of other requests
                        is acknowledged too
  --timeout SECONDS     how long to wait for the last result (900); the onboarding goes on without this command
  --help                this text

exit status: 0 the request ended well, 1 it was refused or failed, or nothing was heard in time, 2 wrong usage
needs: gcloud and jq; the right to publish on the requests topic and, without --subscription, to make a subscription on
the results
TEXT
}

refuse_usage() {
  printf 'onboard.sh: %s\n' "$1" >&2
  printf 'deployment/onboard.sh --help says more\n' >&2
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
      [[ -z $file ]] || refuse_usage 'one request at a time'
      file=$1
      ;;
  esac
  shift
done

[[ -n $file ]] || refuse_usage 'no request is named'
[[ $timeout =~ ^[1-9][0-9]{0,5}$ ]] || refuse_usage "--timeout $timeout is no number of seconds"
for tool in gcloud jq; do
  command -v "$tool" >/dev/null || refuse_usage "$tool is not installed"
done
[[ $file == /dev/stdin || -r $file ]] || refuse_usage "$file cannot be read"
request=$(cat -- "$file")
# Whatever is wrong inside the object, the service says better and all at once.
jq -e 'type == "object"' >/dev/null 2>&1 <<<"$request" || refuse_usage "$file is no JSON object"

if [[ -z $project ]]; then
  project=$(gcloud config get-value project 2>/dev/null || true)
  [[ -n $project && $project != '(unset)' ]] || refuse_usage '--project is not given, and gcloud is set to none'
fi

# Results are told apart by it, so it must be known before anything is published.
request=$(jq -c --arg id "onboard-$(date -u +%Y%m%dT%H%M%SZ)-$$" 'if has("requestId") then . else . + {requestId: $id} end' <<<"$request")
request_id=$(jq -r '.requestId | strings' <<<"$request")
[[ $request_id =~ ^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$ ]] ||
  refuse_usage 'requestId is no string of at most 128 letters, digits, dots, colons, dashes and underscores'

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

# Made before anything is published: a subscription hears only what comes after it.
if [[ -z $subscription ]]; then
  subscription=${prefix}results-onboard-$$-$RANDOM
  gcloud pubsub subscriptions create "$subscription" --project="$project" --topic="${prefix}results" \
    --message-filter="attributes.requestId = \"$request_id\"" --expiration-period=1d \
    --message-retention-duration=1h --quiet >/dev/null 2>&1 || {
    printf 'onboard.sh: no subscription could be made on %sresults in %s; --subscription names one that is there\n' \
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

# What the service says is shown without the characters that steer a terminal.
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
  # A filter is not to be relied on: an emulator ignores it, and a subscription of one's own may have none.
  pulled=$(gcloud pubsub subscriptions pull "$subscription" --project="$project" --limit=100 --auto-ack --format=json --quiet 2>/dev/null) || {
    printf 'onboard.sh: results cannot be read from %s just now\n' "$subscription" >&2
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
    # Delivered twice is said once.
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

printf 'onboard.sh: no last result of %s within %s s; the onboarding goes on, and its results go to %sresults\n' \
  "$request_id" "$timeout" "$prefix" >&2
exit 1
