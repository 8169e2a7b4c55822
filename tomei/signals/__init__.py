"""What monitoring tells us: the inbound doors, what it means, and who looks at it.

Words: a *source* is one sender with a key; what it sends is *received* as it came; its events are *signals*, which
belong to *groups* by the sender's own key. A critical group is *proposed* to a person, under a promise of triage, or
declares an incident by itself where the component says so. A *watch* is an alert that must keep coming.

Invariants: nothing is answered 200 before it is durable; nothing received is thrown away because it was not
understood; the same event counts once however often it is delivered; a late event changes nothing; an incident is never
restored by a signal.

Public: `door.receive`, `actions` (add_source, take, dismiss, declare_from, mark_declared, bind_watch; for the clock
run_watches and prune), `queries`. Events: signal.received, signal.proposed, signal.triaged, signal.resolved.
"""
