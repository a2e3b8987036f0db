// The call screen: asks every few seconds what to show, sounds and says each new call,
// says when the line is down, and goes on by itself.
(function () {
    const EVERY = 2500;
    const LOST = 5000;
    const body = document.body;
    const by = (id) => document.getElementById(id);
    const sounds = Boolean(body.dataset.chime || body.dataset.speak);
    let tag = "";
    let known = null;
    let audio = null;
    let fails = 0;
    let freshTimer = null;

    function clock() {
        const now = new Date();
        by("clock").textContent = now.toLocaleTimeString("vi-VN", {
            hour: "2-digit",
            minute: "2-digit",
            timeZone: body.dataset.zone || undefined,
        });
    }
    clock();
    window.setInterval(clock, 5000);

    // -- sound: two tones made here, no file; browsers want one touch before the first
    function wake() {
        audio = audio || new (window.AudioContext || window.webkitAudioContext)();
        return audio.resume();
    }
    function showSound() {
        const button = by("sound");
        if (button) {
            button.hidden = Boolean(audio && audio.state === "running");
        }
    }
    function tone(at, pitch) {
        const gain = audio.createGain();
        const source = audio.createOscillator();
        source.frequency.value = pitch;
        source.connect(gain).connect(audio.destination);
        gain.gain.setValueAtTime(0.0001, at);
        gain.gain.exponentialRampToValueAtTime(0.5, at + 0.03);
        gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.7);
        source.start(at);
        source.stop(at + 0.75);
    }
    function chime() {
        if (body.dataset.chime && audio && audio.state === "running") {
            tone(audio.currentTime, 784);
            tone(audio.currentTime + 0.35, 587);
        }
    }
    const DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split(" ");
    function spell(ticket) {
        return Array.from(ticket, (sign) => DIGITS[sign] || sign).join(", ");
    }
    function say(call) {
        const speech = window.speechSynthesis;
        if (!body.dataset.speak || !speech) {
            return;
        }
        const voice = speech.getVoices().find((each) => each.lang.startsWith("vi"));
        if (!voice) {
            return;
        }
        const words = new SpeechSynthesisUtterance(
            "Mời số " + spell(call.ticket) + ", đến quầy số " + call.counter
        );
        words.voice = voice;
        words.lang = voice.lang;
        words.rate = 0.9;
        speech.speak(words);
    }
    if (sounds) {
        wake().then(showSound, showSound);
        ["pointerdown", "keydown"].forEach(function (name) {
            document.addEventListener(name, function () {
                wake().then(showSound, showSound);
            });
        });
        showSound();
    }

    // -- what is shown
    function element(name, text, parent) {
        const made = document.createElement(name);
        made.textContent = text;
        parent.append(made);
        return made;
    }
    function show(answer) {
        const calls = answer.calls;
        const keys = calls.map((call) => call.key);
        const fresh = known ? calls.filter((call) => !known.has(call.key)) : [];
        known = new Set(keys);
        const last = calls[0];
        by("last-number").textContent = last ? last.ticket : "–";
        by("last-counter").textContent = last ? last.name : "Chưa gọi số nào";
        const list = by("calls");
        list.replaceChildren();
        calls.slice(1).forEach(function (call) {
            const row = element("li", "", list);
            element("span", call.ticket, row);
            element("span", String(call.counter), row);
        });
        const lines = by("lines");
        lines.replaceChildren();
        answer.lines.forEach(function (line) {
            const box = element("div", "", lines);
            element("b", line.letter + ": " + line.waiting + " đang chờ", box);
            element("small", line.name, box);
            element("small", "Kế tiếp: " + line.next.join(", "), box);
        });
        if (fresh.length) {
            by("last").classList.remove("fresh");
            void by("last").offsetWidth;
            by("last").classList.add("fresh");
            window.clearTimeout(freshTimer);
            freshTimer = window.setTimeout(function () {
                by("last").classList.remove("fresh");
            }, 6500);
            chime();
            fresh.reverse().forEach(function (call, index) {
                window.setTimeout(say, 1100 + index * 200, call);
            });
        }
    }

    // -- asking
    function lost(is) {
        by("lost").hidden = !is;
    }
    async function ask() {
        const abort = new AbortController();
        const timer = window.setTimeout(() => abort.abort(), 8000);
        try {
            const answer = await fetch(body.dataset.poll, {
                cache: "no-store",
                headers: tag ? {"If-None-Match": tag} : {},
                signal: abort.signal,
            });
            if (answer.status === 200) {
                show(await answer.json());
                tag = answer.headers.get("ETag") || "";
            } else if (answer.status !== 304) {
                throw new Error(String(answer.status));
            }
            fails = 0;
            lost(false);
        } catch {
            fails += 1;
            lost(fails > 1);
        } finally {
            window.clearTimeout(timer);
        }
        window.setTimeout(ask, fails ? LOST : EVERY);
    }
    ask();
})();
