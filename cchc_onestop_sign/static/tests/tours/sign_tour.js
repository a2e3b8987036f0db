import {registry} from "@web/core/registry";

/** A leader opens a dossier and approves and signs it with one click (1). */
registry.category("web_tour.tours").add("cchc_onestop_sign_leader", {
    steps: () => [
        {trigger: "button[name=action_sign_digitally]", run: "click"},
        {
            trigger: ".o_form_view:not(:has(button[name=action_sign_digitally]))",
            timeout: 60000,
        },
        {trigger: "a.nav-link[name=signatures]", run: "click"},
        {
            content: "Signer and verdict stand in the list of signatures",
            trigger:
                ".o_field_widget[name=signature_ids] .o_data_row:contains(Nguyễn Văn Thành) .badge.text-bg-success",
        },
        {trigger: ".o_form_view .o_form_saved"},
    ],
});

/** Who keeps the seal affixes it with one click (1). */
registry.category("web_tour.tours").add("cchc_onestop_sign_clerk", {
    steps: () => [
        {trigger: "button[name=action_seal_results]", run: "click"},
        {
            trigger: ".o_form_view:not(:has(button[name=action_seal_results]))",
            timeout: 60000,
        },
        {trigger: "a.nav-link[name=signatures]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=signature_ids] .o_data_row:nth-child(2) .badge.text-bg-success",
        },
        {trigger: ".o_form_view .o_form_saved"},
    ],
});
