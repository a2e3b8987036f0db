import {graphTones} from "./tone_graph";

const LEVELS = {
    very_satisfied: "best",
    satisfied: "good",
    dissatisfied: "bad",
    false: "none",
};

graphTones.add("cchc.dossier.timeliness", {
    early: "best",
    on_time: "good",
    late: "bad",
    false: "none",
});
graphTones.add("cchc.evaluation.level", LEVELS);
graphTones.add("cchc.evaluation.answer.level", LEVELS);
