import {graphTones} from "@cchc_onestop/tone_graph/tone_graph";

graphTones.add("cchc.reform.task.progress_state", {
    done: "best",
    regular: "good",
    in_progress: "running",
    done_late: "warning",
    not_started: "none",
    adjusted: "other",
    cancelled: "bad",
});
