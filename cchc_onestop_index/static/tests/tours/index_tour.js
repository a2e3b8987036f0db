import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("cchc_index_tour", {
    url: "/odoo/index-overview",
    steps: () => [
        {
            content: "have it counted",
            trigger: "button[data-action=refresh]",
            run: "click",
        },
        {
            content: "the progress of settlement costs most",
            trigger: "[data-line=DOSSIER_ON_TIME]",
            run: "click",
        },
        {
            content: "its dossier is listed",
            trigger: ".o_list_view .o_data_row td[name=what]",
            run: "click",
        },
        {content: "the dossier opens", trigger: ".o_form_view [name=state]"},
    ],
});

registry.category("web_tour.tours").add("cchc_settlement_tour", {
    url: "/odoo/action-cchc_onestop_index.cchc_settlement_review_action",
    steps: () => [
        {trigger: ".o_list_view .o_data_row td[name=period_name]", run: "click"},
        {
            content: "score it",
            trigger: ".o_statusbar_buttons button[name=action_compute]",
            run: "click",
        },
        {
            content: "appraise the index that is not known",
            trigger:
                ".o_data_row:nth-child(6) button[name=action_appraise]:not(:disabled)",
            run: "click",
        },
        {trigger: ".modal [name=value] input", run: "edit 2"},
        {trigger: ".modal [name=reason] input", run: "edit Checked the board"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            content: "it stands in the table",
            trigger: ".o_data_row td[name=appraise_reason]:contains(Checked)",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "it waits for the leader",
            trigger: ".o_statusbar_buttons button[name=restart_validation]",
        },
    ],
});

registry.category("web_tour.tours").add("cchc_settlement_approve_tour", {
    url: "/odoo/action-cchc_onestop_index.cchc_settlement_review_action",
    steps: () => [
        {trigger: ".o_list_view .o_data_row td[name=period_name]", run: "click"},
        {
            trigger: ".o_statusbar_buttons button[name=validate_tier]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_publish]",
            run: "click",
        },
        {
            content: "published, ready to print",
            trigger: ".o_statusbar_buttons button[name=action_print]",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=published]",
        },
    ],
});
