// Forms of the public pages: what is missing is said beside the field, in the words of
// the page, before anything is sent, so that chosen files stay. Without this script the
// server says the same sentences.
(function () {
    // A form names what it asks of a field: data-missing (the sentence when it is empty),
    // data-wrong (when it is too short or not of its kind), data-unless (the name of a
    // box that, when ticked, lets it be empty), data-most and data-bytes (files).
    function sentence(field, form) {
        const data = field.dataset;
        if (field.type === "file") {
            const files = [...field.files];
            if (files.length > Number(data.most)) {
                return data.missing;
            }
            return files.some((file) => file.size > Number(data.bytes))
                ? data.wrong
                : "";
        }
        if (field.type === "radio") {
            const chosen = form.querySelector(`input[name="${field.name}"]:checked`);
            return chosen ? "" : data.missing;
        }
        const value = field.value.trim();
        const waived = data.unless && form.elements[data.unless].checked;
        if (!value) {
            return waived ? "" : data.missing || "";
        }
        const digits = value.replace(/\D/g, "").length;
        const wrong =
            value.length < (field.minLength > 0 ? field.minLength : 0) ||
            (data.digits && (digits < Number(data.digits) || digits > 15)) ||
            field.validity.typeMismatch ||
            field.validity.patternMismatch;
        return wrong ? data.wrong || "" : "";
    }
    function place(field) {
        const id = `${field.name}-error`;
        let place = document.getElementById(id);
        if (!place) {
            place = document.createElement("p");
            place.id = id;
            place.className = "wrong";
            // below the field, or at the end of the answers it belongs to
            const group = field.closest("fieldset, .field") || field.parentNode;
            group.append(place);
        }
        return place;
    }
    function tell(field, text) {
        if (!text && !document.getElementById(`${field.name}-error`)) {
            return;
        }
        const at = place(field);
        at.textContent = text;
        at.hidden = !text;
        if (text) {
            field.setAttribute("aria-invalid", "true");
            field.setAttribute("aria-describedby", at.id);
        } else {
            field.removeAttribute("aria-invalid");
            field.removeAttribute("aria-describedby");
        }
    }
    document.querySelectorAll("form").forEach(function (form) {
        const asked = [...form.querySelectorAll("[data-missing], [data-wrong]")];
        form.addEventListener(
            "submit",
            function (event) {
                const wrong = asked.filter(function (field) {
                    const text = sentence(field, form);
                    tell(field, text);
                    return text;
                });
                if (wrong.length) {
                    event.preventDefault();
                    event.stopImmediatePropagation();
                    wrong[0].focus({preventScroll: true});
                    place(wrong[0]).scrollIntoView({block: "center"});
                }
            },
            true
        );
        // what was mended is no longer said
        form.addEventListener("change", function () {
            asked.forEach(function (field) {
                if (field.hasAttribute("aria-invalid")) {
                    tell(field, sentence(field, form));
                }
            });
        });
    });
})();
