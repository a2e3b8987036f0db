// The screen at the desk: asks every few seconds what to show, and goes back to its
// welcome page by itself. Without it the pages still work by touch.
(function () {
    const body = document.body;
    const home = body.dataset.home;
    const poll = body.dataset.poll;
    const quiet = Number(body.dataset.quiet || 0) * 1000;
    let timer = null;

    function wait() {
        window.clearTimeout(timer);
        if (home && quiet) {
            timer = window.setTimeout(function () {
                window.location.replace(home);
            }, quiet);
        }
    }
    ["pointerdown", "keydown", "input", "scroll"].forEach(function (name) {
        document.addEventListener(name, wait, {passive: true});
    });
    wait();

    function ask() {
        fetch(poll, {cache: "no-store"})
            .then(function (answer) {
                return answer.ok ? answer.json() : {};
            })
            .then(
                function (answer) {
                    if (answer.url) {
                        window.location.replace(answer.url);
                    } else {
                        window.setTimeout(ask, 4000);
                    }
                },
                // A line that is down comes back: ask less often until then.
                function () {
                    window.setTimeout(ask, 12000);
                }
            );
    }
    if (poll) {
        ask();
    }
})();
