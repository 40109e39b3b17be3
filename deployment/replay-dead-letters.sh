#!/usr/bin/env bash
# Lists the dead letters that are kept, or publishes them again on their original topics. Every step can run again safely,
# so nothing is done twice.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deployment/replay-dead-letters.sh [--prefix PREFIX] [--project PROJECT] [--request ID] [--publish]

Without --publish it only lists the dead letters, one per line, and keeps them. With --publish it publishes each one on its
original topic and acknowledges it afterwards. --request selects the dead letters of one request.

exit status: 0 done, 1 a dead letter could not be published and is still kept, 2 wrong usage
needs: gcloud and jq; permission to read PREFIXdead-letter-kept and, with --publish, to publish on the topics of the steps
TEXT
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
      (($# > 1)) || { usage >&2; exit 2; }
      declare "${1#--}=$2"
      shift
      ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
for tool in gcloud jq; do
  command -v "$tool" >/dev/null || { printf 'replay-dead-letters.sh: %s is not installed\n' "$tool" >&2; exit 2; }
done
if [[ -z $project ]]; then
  project=$(gcloud config get-value project 2>/dev/null || true)
  [[ -n $project && $project != '(unset)' ]] || { printf 'replay-dead-letters.sh: --project is missing\n' >&2; exit 2; }
fi

subscription=${prefix}dead-letter-kept
failed=0
count=0
seen=' '
# A pull returns only some of the messages. When it returns nothing new, all messages have been seen.
while :; do
  pulled=$(gcloud pubsub subscriptions pull "$subscription" --project="$project" --limit=100 --format=json --quiet)
  new=0
  while IFS= read -r letter; do
    [[ -n $letter ]] || continue
    id=$(jq -r .message.messageId <<<"$letter")
    [[ $seen != *" $id "* ]] || continue
    seen+="$id "
    new=1
    # Pub/Sub records the source subscription of a dead letter, which knows the topic.
    source=$(jq -r '.message.attributes.CloudPubSubDeadLetterSourceSubscription // ""' <<<"$letter")
    if [[ ! $source =~ ^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$ ]] ||
      ! topic=$(gcloud pubsub subscriptions describe "$source" --project="$project" --format='value(topic)' --quiet); then
      printf 'FAILED      the original topic of %s is unknown\n' "$id" >&2
      failed=1
      continue
    fi
    count=$((count + 1))
    printf '%-11s %s %s %s\n' "$([[ -n $publish ]] && echo publishing || echo kept)" "$id" "${topic##*/}" \
      "$(jq -r '.message.attributes.requestId // "-" | gsub("[^A-Za-z0-9._:-]"; "?")' <<<"$letter")"
    [[ -n $publish ]] || continue
    # Keep the attributes of the message, but not those that Pub/Sub added to the dead letter.
    attributes=$(jq -r '.message.attributes // {} | with_entries(select(.key | startswith("CloudPubSubDeadLetter") | not))
      | to_entries | map("\(.key)=\(.value)") | join("\u001f")' <<<"$letter")
    arguments=(--message="$(jq -r '.message.data // "" | @base64d' <<<"$letter")")
    [[ -z $attributes ]] || arguments+=(--attribute="^"$'\x1f'"^$attributes")
    ordering=$(jq -r '.message.orderingKey // empty' <<<"$letter")
    [[ -z $ordering ]] || arguments+=(--ordering-key="$ordering")
    if gcloud pubsub topics publish "$topic" --project="$project" "${arguments[@]}" --quiet >/dev/null; then
      gcloud pubsub subscriptions ack "$subscription" --project="$project" --ack-ids="$(jq -r .ackId <<<"$letter")" --quiet >/dev/null 2>&1
    else
      failed=1
    fi
  done < <(jq -c --arg request "$request" '.[] | select($request == "" or .message.attributes.requestId == $request)' <<<"${pulled:-[]}")
  ((new)) || break
done
printf '%d dead letters\n' "$count" >&2
exit "$failed"
