import {graphTones} from "@cchc_onestop/tone_graph/tone_graph";

graphTones.add("mgmtsystem.nonconformity.category", {
    minor: "warning",
    major: "bad",
    false: "none",
});
