"""Slack, both ways: `/tomei` and buttons there, a message in a channel at every declaration and update.

Set up on `/settings/slack/`; before that its doors answer 404.

Forms. A modal needs `views.open`, an outgoing call with a `trigger_id` that lives three seconds. Nothing here talks to
a network but the clock, and while sending is held the clock sends nothing: a modal would open late or not at all, at
the worst moment. Slack's input blocks and their elements work in messages as well as in modals, and a button in a
message brings the values of all fields along (`state.values` of `block_actions`). So a form is the ephemeral answer to
the command itself: it needs no outgoing call, no bot token, and nobody else sees it. `declare SEV1b orders fail` on one
line needs no form at all.

Answers. A command is answered in the response, from one query or one action. A press is acknowledged in the response,
and what there is to say goes to its `response_url` by the outbox, to Slack's own host only.

`door` believes or refuses; `verbs` are what is typed, `presses` what is pressed; `updating` the composer's part of
both; `speech` makes their words; `outbound` tells the channel; `rules` and `blocks` are pure.
"""
