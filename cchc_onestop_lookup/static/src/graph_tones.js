import {graphTones} from "@cchc_onestop/tone_graph/tone_graph";

graphTones.add("cchc.lookup.request.state", {
    answered: "best",
    manual: "good",
    asked: "running",
    not_found: "warning",
    failed: "bad",
    refused: "none",
});
