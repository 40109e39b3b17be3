#!/usr/bin/env bash
# Lists the dead letters that are kept, or publishes them again on their original topics. What has failed goes on, with all its
# checks; every step can run again safely, so nothing is done twice.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deployment/replay-dead-letters.sh [--prefix PREFIX] [--project PROJECT] [--request ID] [--publish]

Without --publish it only lists the dead letters, one per line, and keeps them. With --publish it publishes each one on its
original topic and acknowledges it afterwards. Its request goes on from the step that failed, and ends in a terminal status
that supersedes FAILED. --request selects the dead letters of one request. The data of a message is never read as text, so
that it is published as it came.

exit status: 0 done, 1 a dead letter could not be read or published and is still kept, 2 wrong usage
needs: gcloud, curl and jq; permission to read PREFIXdead-letter-kept and, with --publish, to publish on the topics of the
steps
TEXT
}

refuse_usage() {
  printf 'replay-dead-letters.sh: %s\n' "$1" >&2
  printf 'run deployment/replay-dead-letters.sh --help for help\n' >&2
  exit 2
}

prefix=cmek-
project=
request=
publish=
while (($#)); do
  case $1 in
    --help) usage; exit 0 ;;
    --publish) publish=yes ;;
    --prefix | --project | --request)
      (($# > 1)) || refuse_usage "$1 needs a value"
      declare "${1#--}=$2"
      shift
      ;;
    *) refuse_usage "unknown argument $1" ;;
  esac
  shift
done
for tool in curl gcloud jq; do
  command -v "$tool" >/dev/null || refuse_usage "$tool is not installed"
done
if [[ -z $project ]]; then
  project=$(gcloud config get-value project 2>/dev/null || true)
  [[ -n $project && $project != '(unset)' ]] || refuse_usage '--project is missing'
fi

# The same endpoint as gcloud's.
endpoint=${CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB:-https://pubsub.googleapis.com/}
endpoint=${endpoint%/}
token=$(gcloud auth print-access-token --quiet) || {
  printf 'replay-dead-letters.sh: gcloud has no credentials; run gcloud auth login\n' >&2
  exit 1
}

# Calls Pub/Sub: METHOD PATH [BODY]. Prints the answer. gcloud reads the data of a message as text, which it need not be. The
# token is not an argument, because other users of this machine can see arguments.
call() {
  local answer status body=()
  [[ -z ${3:-} ]] || body=(--data-binary @-)
  answer=$(curl --silent --show-error --max-time 60 --request "$1" --header 'Content-Type: application/json' \
    --config <(printf 'header = "Authorization: Bearer %s"\n' "$token") \
    --write-out '\n%{http_code}' "${body[@]}" "$endpoint/v1/$2" <<<"${3:-}") || return 1
  status=${answer##*$'\n'}
  if [[ $status != 2?? ]]; then
    printf 'replay-dead-letters.sh: Pub/Sub answered %s to %s: %s\n' "$status" "$2" \
      "$(jq -r '.error.message // "no message" | gsub("[\\x00-\\x1f\\x7f-\\x9f]"; " ")' 2>/dev/null <<<"${answer%$'\n'*}" || true)" >&2
    return 1
  fi
  printf '%s' "${answer%$'\n'*}"
}

subscription=projects/$project/subscriptions/${prefix}dead-letter-kept
kept=()

# Sets how long the given messages are not delivered again: SECONDS ACK_ID…
postpone() {
  local seconds=$1
  shift
  (($# == 0)) || call POST "$subscription:modifyAckDeadline" \
    "$(printf '%s\n' "$@" | jq -Rnc --argjson seconds "$seconds" '{ackIds: [inputs], ackDeadlineSeconds: $seconds}')" >/dev/null
}

# What is kept can be read again at once, by this command too. Called by the trap.
# shellcheck disable=SC2317,SC2329
give_back() {
  postpone 0 "${kept[@]}" || true
}
trap give_back EXIT
trap 'exit 1' INT TERM

failed=0
count=0
seen=' '
empty=0
# A pull returns only some of the messages. When two in a row return nothing new, all messages have been seen.
while ((empty < 2)); do
  pulled=$(call POST "$subscription:pull" '{"maxMessages": 100, "returnImmediately": true}') || exit 1
  empty=$((empty + 1))
  mapfile -t ids < <(jq -r '.receivedMessages[]?.ackId' <<<"$pulled")
  # Longer than it takes to read them all, whatever the subscription says.
  postpone 600 "${ids[@]}" || exit 1
  while IFS= read -r letter; do
    [[ -n $letter ]] || continue
    id=$(jq -r .message.messageId <<<"$letter")
    ack=$(jq -r .ackId <<<"$letter")
    kept+=("$ack")
    [[ $seen != *" $id "* ]] || continue
    seen+="$id "
    empty=0
    # The messages between the steps have the request's id as an attribute. The first one has it in its data, if at all.
    of=$(jq -r '.message | (.attributes.requestId // (try (.data | @base64d | fromjson | .requestId | strings) catch null) // "-")
      | gsub("[^A-Za-z0-9._:-]"; "?")' <<<"$letter")
    [[ -z $request || $of == "$request" ]] || continue
    # Pub/Sub records the source subscription of a dead letter, which knows the topic.
    source=$(jq -r '.message.attributes.CloudPubSubDeadLetterSourceSubscription // ""' <<<"$letter")
    if [[ ! $source =~ ^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$ ]] ||
      ! topic=$(call GET "projects/$project/subscriptions/$source" | jq -er '.topic | strings'); then
      printf 'FAILED      the original topic of %s is unknown\n' "$id" >&2
      failed=1
      continue
    fi
    count=$((count + 1))
    printf '%-11s %s %s %s\n' "$([[ -n $publish ]] && echo publishing || echo kept)" "$id" "${topic##*/}" "$of"
    [[ -n $publish ]] || continue
    # The message as it was, without the attributes that Pub/Sub added to the dead letter. The service recognizes a replay by
    # its number and by the time at which the message was published first, which names the message.
    message=$(jq -c '.message | (.attributes // {}) as $was
      | ($was.replayOf // $was.CloudPubSubDeadLetterSourceTopicPublishTime) as $first
      | {data, orderingKey, attributes: (($was | with_entries(select(.key | startswith("CloudPubSubDeadLetter") | not)))
          + {replay: (([($was.replay // "0" | tonumber? // 0) + 1, 99] | min) | tostring)}
          + if $first then {replayOf: $first} else {} end)}
      | with_entries(select(.value != null)) | {messages: [.]}' <<<"$letter")
    if call POST "$topic:publish" "$message" >/dev/null &&
      call POST "$subscription:acknowledge" "$(jq -c '{ackIds: [.ackId]}' <<<"$letter")" >/dev/null; then
      unset 'kept[-1]'
    else
      failed=1
    fi
  done < <(jq -c '.receivedMessages[]?' <<<"$pulled")
done
printf '%d dead letters\n' "$count" >&2
exit "$failed"
