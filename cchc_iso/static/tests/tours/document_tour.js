import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ROW = ".o_list_view .o_data_row";
const STATUS = ".o_statusbar_status .o_arrow_button_current";

/** The secretary makes the document of a procedure from its process and submits it. */
tours.add("cchc_iso_document_is_drafted", {
    steps: () => [
        {trigger: "button[data-menu-xmlid='cchc_iso.menu_documents']", run: "click"},
        {
            trigger: "[data-menu-xmlid='cchc_iso.menu_document_generate']",
            run: "click",
        },
        {
            content: "One process has no document yet",
            trigger: ".modal .o_field_widget[name=new_count]:contains(1)",
        },
        {trigger: ".modal button[name=action_generate]", run: "click"},
        {
            content:
                "The list of issues, not the example rows of the empty list before",
            trigger: `${ROW}:has(td[name=reviewer_id]) td[name=code]`,
            run: "click",
        },
        {
            content: "The text is made from the process",
            trigger: ".o_field_widget[name=preview]:contains(Thụ lý)",
        },
        {trigger: "button[name=action_to_approve]", run: "click"},
        {
            content: "It waits for its approval",
            trigger: `${STATUS}[data-value=review]`,
        },
    ],
});

/** A leader finds what waits for him and gives his approval. */
tours.add("cchc_iso_document_is_decided", {
    steps: () => [
        {trigger: `${ROW} td[name=code]`, run: "click"},
        {trigger: "button[name=validate_tier]", run: "click"},
        {trigger: ".o_form_view:not(:has(button[name=validate_tier]))"},
    ],
});

/** Whoever got the document opens it and confirms having read it. */
tours.add("cchc_iso_document_is_read", {
    steps: () => [
        {trigger: `${ROW} button[name=action_open_issue]`, run: "click"},
        {trigger: `${STATUS}[data-value=in_force]`},
        {
            content: "Nobody changes it any more",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=summary] input))",
        },
        {trigger: "button[name=action_read]", run: "click"},
        {trigger: ".o_form_view:not(:has(button[name=action_read]))"},
    ],
});

/** The process has changed: the task leads to the next issue. */
tours.add("cchc_iso_document_is_updated", {
    steps: () => [
        {trigger: `${ROW} td[name=page_id]`, run: "click"},
        {trigger: "button[name=action_draft_issue]", run: "click"},
        {
            content: "The next issue says what the process says now",
            trigger: ".o_field_widget[name=preview]:contains(Thẩm tra hồ sơ)",
        },
        {trigger: ".o_field_widget[name=issue_no]:contains(2)"},
        {trigger: `${STATUS}[data-value=draft]`},
    ],
});
