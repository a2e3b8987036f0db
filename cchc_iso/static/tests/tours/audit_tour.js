import {registry} from "@web/core/registry";

const CHECKS = ".o_field_widget[name=check_ids] .o_data_row";
// What the record says was not kept of clause 8.5.1: a step took too long.
const LATE_STEP = `${CHECKS}:contains(8.5.1):has([name=proposal] .text-bg-danger)`;

/**
 * The auditor draws a sample of dossiers, finds a step that took too long and raises
 * the nonconformity from it.
 */
registry.category("web_tour.tours").add("cchc_iso_auditor_finds_late_step", {
    steps: () => [
        {trigger: ".o_notebook .nav-link[name=iso_samples]", run: "click"},
        {trigger: "button[name=action_draw_sample]", run: "click"},
        {trigger: ".o_field_widget[name=size] input", run: "edit 1"},
        {trigger: "button[name=action_draw]", run: "click"},
        {
            content: "The dossier is drawn",
            trigger: ".o_field_widget[name=line_ids] .o_data_row",
        },
        {trigger: "button[name=action_next]", run: "click"},
        {
            content: "What the process record says is proposed, nothing is answered",
            trigger: `${LATE_STEP} td[name=finding] .text-bg-light`,
        },
        {trigger: `${LATE_STEP} button[name=action_nonconform]`, run: "click"},
        {
            trigger: `${LATE_STEP} button[name=action_open_nonconformity]`,
            run: "click",
        },
        {
            content: "The nonconformity names the clause",
            trigger: ".o_form_view .o_field_widget[name=clause_ids]:contains(8.5.1)",
        },
    ],
});

/** A leader closes the corrective action. */
registry.category("web_tour.tours").add("cchc_iso_leader_closes_action", {
    steps: () => [
        {trigger: "button[name=action_close]", run: "click"},
        {trigger: ".o_field_widget[name=verified_by_id]:contains(ISO head)"},
        {trigger: ".o_form_view:not(:has(button[name=action_close]))"},
    ],
});
