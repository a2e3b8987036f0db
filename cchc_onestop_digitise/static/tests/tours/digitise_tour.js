import {registry} from "@web/core/registry";

/** Drop files that the test keeps at `urls` on the zone of this name. */
function drop(zone, ...urls) {
    return {
        trigger: `[data-zone="${zone}"]`,
        async run() {
            const transfer = new DataTransfer();
            for (const url of urls) {
                const content = await (await fetch(url)).blob();
                const name = decodeURIComponent(url.split("/").pop());
                transfer.items.add(new File([content], name, {type: content.type}));
            }
            for (const kind of ["dragenter", "dragover", "drop"]) {
                this.anchor.dispatchEvent(
                    new DragEvent(kind, {
                        bubbles: true,
                        cancelable: true,
                        dataTransfer: transfer,
                    })
                );
            }
        },
    };
}

/** Choose files by pressing: the way of a phone. */
function choose(zone, url) {
    return {
        trigger: `[data-zone="${zone}"]`,
        async run() {
            const content = await (await fetch(url)).blob();
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], url.split("/").pop()));
            const input = this.anchor.querySelector("input[type=file]");
            input.files = transfer.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        },
    };
}

/** Drag a page to a part, with the data that a browser's own drag carries. */
function drag(trigger, target) {
    return {
        trigger,
        run() {
            const options = {
                bubbles: true,
                cancelable: true,
                dataTransfer: new DataTransfer(),
            };
            this.anchor.dispatchEvent(new DragEvent("dragstart", options));
            const part = document.querySelector(target);
            part.dispatchEvent(new DragEvent("dragover", options));
            part.dispatchEvent(new DragEvent("drop", options));
        },
    };
}

/** Scans are dropped on parts; a bad file is refused with its sentence. */
registry.category("web_tour.tours").add("cchc_scans_are_dropped", {
    steps: () => [
        {trigger: ".nav-link[name=digitisation]", run: "click"},
        {trigger: ".cchc_missing:contains(1)"},
        drop("GCN", "/cchc_tour/broken.pdf"),
        {trigger: ".cchc_upload .alert-danger:contains(broken.pdf)"},
        {trigger: ".cchc_upload .btn-close", run: "click"},
        choose("GCN", "/cchc_tour/scan.pdf"),
        {trigger: '[data-part="GCN"] .cchc_file:contains(_GCN_01.pdf)'},
        {trigger: ".cchc_complete"},
        drop("TK", "/cchc_tour/1.jpg", "/cchc_tour/2.jpg"),
        {trigger: '[data-part="TK"] .cchc_file[data-pages="2"]'},
        drop("general", "/cchc_tour/scan.pdf"),
        {trigger: ".cchc_upload .alert-danger:contains(scan.pdf)"},
    ],
});

/** A stack is dropped; its reading begins in the background. */
registry.category("web_tour.tours").add("cchc_stack_is_dropped", {
    steps: () => [
        drop("stack", "/cchc_tour/stack.pdf"),
        {trigger: ".o_form_view [role=status] .progress"},
    ],
});

/** The stack is looked at, what was not recognised is dragged, and confirmed. */
registry.category("web_tour.tours").add("cchc_stack_is_confirmed", {
    steps: () => [
        {trigger: ".o_data_row:contains(stack.pdf) td[name=name]", run: "click"},
        {trigger: ".cchc_filter_waiting:contains(1)", run: "click"},
        {trigger: '.cchc_page[data-page="1"] .text-danger'},
        drag('.cchc_page[data-page="1"]', '.cchc_board_part[data-part="TK"]'),
        {trigger: ".cchc_filter_waiting:contains(0)"},
        {trigger: '.cchc_board_part[data-part="TK"] .badge:contains(1)'},
        {trigger: "button[name=action_confirm]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=confirmed]"},
        {trigger: "button[name=action_view_files]", run: "click"},
        {trigger: ".o_data_row:contains(_GCN_01.pdf)"},
    ],
});

/** A copy of an earlier dossier is used again. */
registry.category("web_tour.tours").add("cchc_stored_copy_is_used", {
    steps: () => [
        {trigger: ".nav-link[name=digitisation]", run: "click"},
        {trigger: '[data-part="GCN"] .cchc_offers', run: "click"},
        {trigger: ".modal .cchc_offer .cchc_use", run: "click"},
        {trigger: '[data-part="GCN"] .cchc_reused'},
        {trigger: ".cchc_complete"},
    ],
});
