import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const TABLE = ".o_field_widget[name=line_ids]";

/** Type into a cell of the table of scores. */
function type(criterion, name, text, input = "input") {
    return [
        {
            trigger: `${TABLE} .o_data_row:contains(${criterion}) td[name=${name}]`,
            run: "click",
        },
        {
            trigger: `${TABLE} .o_selected_row:contains(${criterion}) .o_field_widget[name=${name}] ${input}`,
            run: `edit ${text}`,
        },
    ];
}

/** The reform officer scores on one line each, names the evidence, submits. */
tours.add("cchc_reform_officer_scores_index", {
    steps: () => [
        ...type("Hoàn thành kế hoạch", "entry", "90/100"),
        ...type("Tuyên truyền", "entry", "2; 1"),
        ...type("Ban hành kế hoạch", "entry", "có"),
        {
            trigger: `${TABLE} .o_selected_row .o_field_widget[name=evidence_document_ids] input`,
            run: "edit 77/KH-UBND",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(77/KH-UBND)",
            run: "click",
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {
            content: "90 of 100 give 90% of 6 points",
            trigger: `${TABLE} .o_data_row:contains(Hoàn thành kế hoạch) td[name=self_score]:contains(/5.40/)`,
        },
        {
            content: "The document stands beside the score",
            trigger: `${TABLE} .o_data_row:contains(Ban hành kế hoạch) .o_tag:contains(77/KH-UBND)`,
        },
        {trigger: "button[name=action_submit]", run: "click"},
        {trigger: ".o_form_view .alert-warning[role=status]"},
    ],
});

/** A leader approves the self-score. */
tours.add("cchc_reform_leader_approves_index", {
    steps: () => [
        {trigger: "button[name=validate_tier]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=self_scored]"},
    ],
});

/** The officer freezes it and sends it in. */
tours.add("cchc_reform_officer_sends_index", {
    steps: () => [
        {trigger: "button[name=action_send]", run: "click"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=submitted]"},
    ],
});

/** The appraiser of the province takes points away and says why. */
tours.add("cchc_reform_appraiser_appraises_index", {
    steps: () => [
        ...type("Ban hành kế hoạch", "appraised_1", "1"),
        {
            trigger: `${TABLE} .o_selected_row .o_field_widget[name=comment_1] textarea`,
            run: "edit Ban hành sau ngày quy định",
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {trigger: "button[name=action_appraise_1]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=appraised_1]"},
    ],
});

/** The officer explains the deducted line. */
tours.add("cchc_reform_officer_explains_index", {
    steps: () => [
        ...type("Ban hành kế hoạch", "explanation", "Đã trình đúng hạn", "textarea"),
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {trigger: "button[name=action_explain]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=explained]"},
    ],
});

/** The appraiser gives a part of it back and publishes the round. */
tours.add("cchc_reform_appraiser_publishes_index", {
    steps: () => [
        ...type("Ban hành kế hoạch", "appraised_2", "3"),
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {trigger: "button[name=action_appraise_2]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=appraised_2]"},
        {trigger: ".o_field_widget[name=round_id] a", run: "click"},
        {
            trigger: ".o_field_widget[name=decision_number] input",
            run: "edit 268/QĐ-UBND",
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {trigger: "button[name=action_publish]", run: "click"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=published]"},
    ],
});

/** The officer makes the remedy plan of what was lost. */
tours.add("cchc_reform_officer_makes_remedy", {
    steps: () => [
        {trigger: ".o_statusbar_buttons button[name=action_remedy]", run: "click"},
        {
            content: "A task for the line that lost a point",
            trigger:
                ".o_field_widget[name=remedy_task_ids] .o_data_row:contains(Ban hành kế hoạch)",
        },
    ],
});
