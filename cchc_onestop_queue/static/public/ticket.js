// The page of a ticket: asks how it stands, and shakes the phone when it is called.
(function () {
    const body = document.body;
    const by = (id) => document.getElementById(id);
    const box = by("standing");
    let fails = 0;

    function show(now) {
        const called = now.state === "called";
        if (called && String(now.calls) !== box.dataset.calls && navigator.vibrate) {
            navigator.vibrate([300, 150, 300]);
        }
        box.dataset.state = now.state;
        box.dataset.calls = now.calls;
        by("heading").textContent = now.heading;
        by("counter").textContent = now.counter_name;
        by("text").textContent = now.text;
        by("ahead").textContent = now.ahead;
        by("estimate").textContent = now.estimate;
        by("figures").hidden = !now.waits;
        by("cancel").hidden = !now.waits;
    }
    async function ask() {
        try {
            const answer = await fetch(body.dataset.poll, {cache: "no-store"});
            if (!answer.ok) {
                throw new Error(String(answer.status));
            }
            show(await answer.json());
            fails = 0;
        } catch {
            fails += 1;
        }
        by("lost").hidden = fails < 2;
        window.setTimeout(ask, fails ? 10000 : 7000);
    }
    window.setTimeout(ask, 7000);
    if (body.dataset.print) {
        window.print();
    }
})();
