import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The officer takes a petition of the page up, answers it, submits the answer. */
tours.add("cchc_voice_officer_answers", {
    steps: () => [
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=processing]"},
        {
            trigger: ".o_field_widget[name=upheld] input[data-value=upheld]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=answer] textarea",
            run: "edit Trung tâm đã chấn chỉnh cách hướng dẫn.",
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {trigger: ".o_form_saved"},
        {trigger: "button[name=action_submit_answer]", run: "click"},
        {trigger: "button[name=action_take_back]"},
    ],
});

/** A leader approves it. */
tours.add("cchc_voice_leader_approves", {
    steps: () => [
        {trigger: "button[name=validate_tier]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=answered]"},
    ],
});

/** The officer writes the public text and publishes it. */
tours.add("cchc_voice_officer_publishes", {
    steps: () => [
        {trigger: ".nav-link[name=public]", run: "click"},
        {
            trigger: ".o_field_widget[name=public_subject] input",
            run: "edit Hướng dẫn chưa rõ",
        },
        {
            trigger: ".o_field_widget[name=public_content] textarea",
            run: "edit Người dân phản ánh hướng dẫn chưa rõ.",
        },
        {
            trigger: ".o_field_widget[name=public_answer] textarea",
            run: "edit Trung tâm đã chấn chỉnh.",
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {trigger: ".o_form_saved"},
        {trigger: "button[name=action_publish]", run: "click"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=published]"},
    ],
});

/** The desk puts a returned dossier on the screen. */
tours.add("cchc_voice_desk_pushes", {
    steps: () => [
        {trigger: "button[name=action_push_to_kiosk]", run: "click"},
        {trigger: ".o_notification:contains(Quầy số 1)"},
    ],
});
