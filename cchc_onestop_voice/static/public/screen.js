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

    // Who is not content sees the reasons at once.
    const more = document.getElementById("more");
    document.addEventListener("change", function (event) {
        if (more && event.target.name === "level" && event.target.checked) {
            more.open = event.target.value === "dissatisfied";
            if (more.open) {
                more.scrollIntoView({block: "end", behavior: "smooth"});
            }
        }
    });

    // A scanner types the lines of the code on the receipt, each with Enter. The first
    // names the dossier; what follows at once is neither sent nor typed anywhere.
    const code = document.getElementById("code");
    const digits = document.getElementById("digits");
    let scan = null;
    function swallow() {
        window.clearTimeout(scan);
        code.readOnly = true;
        scan = window.setTimeout(function () {
            scan = null;
            code.readOnly = false;
            digits.focus();
        }, 250);
    }
    if (code && digits) {
        code.addEventListener("keydown", function (event) {
            if (event.key === "Enter" && !digits.value && !scan) {
                event.preventDefault();
                code.value = code.value.replace(/^[^:]*:\s*/, "");
                swallow();
            }
        });
        document.addEventListener(
            "keydown",
            function (event) {
                if (scan) {
                    event.preventDefault();
                    event.stopPropagation();
                    swallow();
                }
            },
            true
        );
    }
})();
