// The kiosk: takes each tap once, prints where there is a printer, goes back to its
// first page by itself, and never leaves a page while the line is down. Without it the
// pages still work by touch.
(function () {
    const body = document.body;
    const home = body.dataset.home;
    const quiet = Number(body.dataset.quiet || 0) * 1000;
    let timer = null;
    let busy = false;

    function lost(is) {
        const notice = document.getElementById("lost");
        if (notice) {
            notice.hidden = !is;
        }
    }
    // Fetch first: when that fails this page stays, and the same tap may come again.
    async function ask(address, options) {
        if (busy) {
            return null;
        }
        busy = true;
        const abort = new AbortController();
        const limit = window.setTimeout(() => abort.abort(), 15000);
        try {
            const answer = await fetch(address, {
                cache: "no-store",
                signal: abort.signal,
                ...options,
            });
            lost(false);
            return answer;
        } catch {
            lost(true);
            return null;
        } finally {
            window.clearTimeout(limit);
            busy = false;
        }
    }
    async function go(address) {
        const answer = await ask(address);
        if (answer && answer.ok) {
            window.location.replace(address);
            return true;
        }
        return false;
    }
    async function leave() {
        if (!(await go(home))) {
            timer = window.setTimeout(leave, 5000);
        }
    }
    function wait() {
        window.clearTimeout(timer);
        if (home && quiet) {
            timer = window.setTimeout(leave, quiet);
        }
    }
    ["pointerdown", "keydown", "input"].forEach(function (name) {
        document.addEventListener(name, wait, {passive: true});
    });
    wait();

    document.querySelectorAll("a[href]").forEach(function (link) {
        link.addEventListener("click", function (event) {
            event.preventDefault();
            go(link.href);
        });
    });
    document.querySelectorAll("form").forEach(function (form) {
        form.addEventListener("submit", async function (event) {
            event.preventDefault();
            const answer = await ask(form.action, {
                method: "POST",
                body: new URLSearchParams(new FormData(form, event.submitter)),
            });
            if (!answer) {
                return;
            }
            if (answer.ok) {
                window.location.replace(answer.url);
                return;
            }
            // Refused, with a page that says why.
            const said = new DOMParser().parseFromString(
                await answer.text(),
                "text/html"
            );
            document
                .querySelector("main")
                .replaceChildren(...said.querySelector("main").childNodes);
            window.clearTimeout(timer);
            timer = window.setTimeout(leave, 8000);
        });
    });
    // A scanner ends its line by Enter: that is no tap on “Lấy số”.
    const code = document.getElementById("code");
    if (code) {
        code.addEventListener("keydown", function (event) {
            if (event.key === "Enter") {
                event.preventDefault();
                code.blur();
            }
        });
    }
    if (body.dataset.print) {
        window.print();
    }
})();
