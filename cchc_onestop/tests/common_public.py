#: Drives public pages inside a frame, so that the driver outlives each page.
#:
#: A page that still loads is not looked at: its texts are there before its scripts.
DRIVER = """
const frame = document.createElement("iframe");
frame.style = "width:100%%;height:900px;border:0";
document.body.replaceChildren(frame);
const pause = (time) => new Promise((done) => setTimeout(done, time));
async function find(selector, text = "") {
    for (let count = 0; count < 150; count++) {
        const page = frame.contentDocument;
        const found = page?.readyState === "complete" && page.querySelector(selector);
        if (found && found.textContent.includes(text)) return found;
        await pause(200);
    }
    throw new Error("not found: " + selector + " " + text);
}
const click = async (selector) => (await find(selector)).click();
const type = async (selector, text) => { (await find(selector)).value = text; };
(async () => {
    frame.src = "%(path)s";
    %(steps)s
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


class PublicPages:
    """For classes of `HttpCase` that go through pages without log-in in Chromium."""

    def _drive(self, path, steps):
        """Open ``path`` and do ``steps`` there.

        ``steps`` is JavaScript that may await ``find(selector[, text])``,
        ``click(selector)`` and ``type(selector, text)``.
        """
        self.env.flush_all()
        self.browser_js(
            # any page of this address: the driver replaces what it shows. Not a
            # picture: those come with the rule that nothing else be loaded.
            "/web/static/src/libs/fontawesome/css/font-awesome.css",
            DRIVER % {"path": path, "steps": steps},
            timeout=120,
        )
        self.env.invalidate_all()
