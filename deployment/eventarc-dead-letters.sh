#!/usr/bin/env bash
# Sets on the subscriptions of Eventarc what cannot be set on a function or a trigger: dead letters, backoff, a week of
# retention instead of a day, no expiry. It is safe to repeat.
# https://cloud.google.com/eventarc/docs/retry-events
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: terraform -chdir=terraform output -json | deployment/eventarc-dead-letters.sh

Run it after each terraform apply with host = "functions". It needs gcloud and jq, and permission to read the triggers, to
update their subscriptions and to set IAM policies on them.

exit status: 0 all subscriptions are set, 1 a subscription could not be set, 2 wrong usage
TEXT
}

if (($#)); then
  usage
  [[ $1 == --help ]] && exit 0
  exit 2
fi
for tool in gcloud jq; do
  command -v "$tool" >/dev/null || {
    printf 'eventarc-dead-letters.sh: %s is not installed\n' "$tool" >&2
    exit 2
  }
done

outputs=$(cat)
if ! agent=$(jq -er '.pubsub_agent.value' 2>/dev/null <<<"$outputs") ||
  ! count=$(jq -er '.eventarc_deliveries.value | length' 2>/dev/null <<<"$outputs"); then
  printf 'eventarc-dead-letters.sh: standard input is not the output of terraform output -json\n' >&2
  exit 2
fi
if ((count == 0)); then
  printf 'nothing to do: this deployment does not have Eventarc triggers\n'
  exit 0
fi

failed=0
while IFS=$'\t' read -r name trigger topic attempts backoff ack; do
  project=$(cut -d/ -f2 <<<"$trigger")
  if ! subscription=$(gcloud eventarc triggers describe "$trigger" --project="$project" --format='value(transport.pubsub.subscription)' --quiet) || [[ -z $subscription ]]; then
    printf 'FAILED %s: the subscription of the trigger %s cannot be read\n' "$name" "$trigger" >&2
    failed=1
    continue
  fi
  settings=(--ack-deadline="$ack" --expiration-period=never --max-retry-delay="$backoff" --message-retention-duration=7d --min-retry-delay=10s)
  if [[ $topic != - ]]; then
    settings+=(--dead-letter-topic="projects/$project/topics/$topic" --max-delivery-attempts="$attempts")
  fi
  # Grant the permission first: without it Pub/Sub cannot forward a dead letter and keeps delivering it.
  if { [[ $topic == - ]] || gcloud pubsub subscriptions add-iam-policy-binding "$subscription" --project="$project" --member="$agent" --role=roles/pubsub.subscriber --quiet >/dev/null; } &&
    gcloud pubsub subscriptions update "$subscription" --project="$project" "${settings[@]}" --quiet >/dev/null; then
    printf 'set    %-18s %s\n' "$name" "$subscription"
  else
    printf 'FAILED %-18s %s\n' "$name" "$subscription" >&2
    failed=1
  fi
done < <(jq -r '.eventarc_deliveries.value | to_entries[]
  | [.key, .value.trigger, .value.dead_letter_topic // "-", .value.max_delivery_attempts, .value.maximum_backoff, .value.ack_deadline_seconds]
  | @tsv' <<<"$outputs")
exit "$failed"
