#!/bin/sh
# Keeps the plan of a pull request in one comment, and finds the digest that was reviewed there.
#
#   review.sh comment FILE              writes FILE, from `show -markdown`, as the one comment of
#                                       the pull request at hand: the one that is there is edited,
#                                       unless it says the same
#   review.sh reviewed PROJECT WORKSPACE  writes the digest in the comment of the pull request that
#                                       the commit at hand was merged by
#
# It runs in GitHub workflows, with GITHUB_TOKEN, and in GitLab pipelines, with GITLAB_TOKEN. Only
# comments of REVIEW_AUTHOR count: anybody can write a comment that looks like one.
set -eu

fail() {
  echo "review.sh: $1" >&2
  exit 1
}

# Calls the host: METHOD PATH [FILE]. The token stays out of the list of processes.
call() {
  method=$1 path=$2
  shift 2
  [ "$#" -eq 0 ] || set -- --header 'Content-Type: application/json' --data-binary "@$1"
  printf 'header = "%s"\n' "$header" |
    curl --silent --show-error --fail --config - --request "$method" "$api/$path" "$@"
}

# All items of a list, page by page.
all() {
  page=1
  while :; do
    items=$(call GET "$1?per_page=100&page=$page")
    printf '%s\n' "$items" | jq -c '.[]'
    [ "$(printf '%s' "$items" | jq length)" -eq 100 ] || break
    page=$((page + 1))
  done
}

# The comment that begins with these words: a list of comments is read.
ours() {
  jq -cs --arg mark "$1 " --arg author "$author" \
    'map(select((.user.login // .author.username) == $author and (.body | startswith($mark))))
     | first // empty'
}

if [ -n "${GITHUB_API_URL:-}" ]; then
  header="Authorization: Bearer ${GITHUB_TOKEN:?}"
  api=$GITHUB_API_URL
  author=${REVIEW_AUTHOR:-github-actions[bot]}
  comments() { echo "repos/$GITHUB_REPOSITORY/issues/$1/comments"; }
  comment() { echo "repos/$GITHUB_REPOSITORY/issues/comments/$2"; }
  edit=PATCH
  here() { jq -er .pull_request.number "$GITHUB_EVENT_PATH"; }
  merged() {
    call GET "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" |
      jq -er --arg commit "$GITHUB_SHA" 'map(select(.merge_commit_sha == $commit)) | first.number'
  }
elif [ -n "${CI_API_V4_URL:-}" ]; then
  header="PRIVATE-TOKEN: ${GITLAB_TOKEN:?}"
  api=$CI_API_V4_URL
  author=${REVIEW_AUTHOR:?}
  comments() { echo "projects/$CI_PROJECT_ID/merge_requests/$1/notes"; }
  comment() { echo "projects/$CI_PROJECT_ID/merge_requests/$1/notes/$2"; }
  edit=PUT
  here() { echo "${CI_MERGE_REQUEST_IID:?}"; }
  merged() {
    call GET "projects/$CI_PROJECT_ID/repository/commits/$CI_COMMIT_SHA/merge_requests" |
      jq -er 'map(select(.state == "merged")) | first.iid'
  }
else
  fail 'this is neither a workflow of GitHub nor a pipeline of GitLab'
fi

case ${1:-} in
comment)
  file=${2:?}
  # The first line without the digest tells whose comment it is.
  mark=$(sed -n '1s/ digest=.*//p' "$file")
  [ -n "$mark" ] || fail "$file is not a plan in Markdown"
  number=$(here) || fail 'there is no pull request at hand'
  found=$(all "$(comments "$number")" | ours "$mark")
  body=$(mktemp)
  trap 'rm -f "$body"' EXIT
  jq -n --rawfile body "$file" '{body: $body}' >"$body"
  if [ -z "$found" ]; then
    call POST "$(comments "$number")" "$body" >/dev/null
    echo 'commented'
  elif printf '%s' "$found" | jq -e --rawfile body "$file" \
    '(.body | gsub("\r"; "") | rtrimstr("\n")) == ($body | rtrimstr("\n"))' >/dev/null; then
    echo 'the comment says so already'
  else
    call "$edit" "$(comment "$number" "$(printf '%s' "$found" | jq .id)")" "$body" >/dev/null
    echo 'edited the comment'
  fi
  ;;
reviewed)
  mark="<!-- platoform:plan project=${2:?} workspace=${3:?}"
  number=$(merged) || fail 'no pull request was merged by this commit'
  found=$(all "$(comments "$number")" | ours "$mark")
  [ -n "$found" ] || fail "pull request $number has no plan of $2 / $3"
  printf '%s' "$found" | jq -r '.body | capture("^<!-- [^\n]* digest=(?<it>[0-9a-f]{64}) -->").it'
  ;;
*)
  fail 'usage: review.sh comment FILE | reviewed PROJECT WORKSPACE'
  ;;
esac
