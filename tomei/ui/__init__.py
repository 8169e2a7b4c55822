"""How the pages look and speak: design system (CSS, JS), base templates, parts, charts, answers of forms, catalogues.

Page doors use `answer.answer(request, template, context, block=…)` and `answer.done(request, url, message)`, read posts
with `forms.text / both / moment / choice / number / ticked`, and draw time and state with the parts (`ui.sev`,
`ui.promise_chip`, `ui.due`, `ui.silence`, `ui.time` …, or imported from `ui/parts.html`). `charts` draws on the server.
`context.wire(house)` is called once by the wiring: what hangs over every page (sending held, clock still, live head).

Invariants: nothing inline (strict CSP); every page works without script; every time is shown with its zone; a name
that a template was not given is an error and not a blank.
"""
