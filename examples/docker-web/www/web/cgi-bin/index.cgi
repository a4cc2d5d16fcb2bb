#!/bin/busybox sh
# Answers with its own greeting and what the linked services say.
printf 'Content-Type: text/plain\r\n\r\n'
printf '%s (%s)\n' "$GREETING" "$CURRENCY"
for service in auth pricing; do
  printf '%s: ' "$service"
  /bin/busybox wget -q -O - "http://$service/"
done
