// What one could write after group, for who leads one at Riverbend. Everybody in it is invented.

const EXAMPLES = {
  UDANA: [
    {
      title: "After DBT Skills",
      text:
        "DBT Tuesday 2-3:15, TIPP + ice water. Maria, Kay, Tom, Bob, Will there, Priya 15 late. Ana called out sick. " +
        "Tom irritable at check in, redirected x2, came round. Kay tearful, denied SI. Priya did her diary card. " +
        "Maria practiced opp action w/ her mom. Will quiet but tracking. Bob led the closing mindfulness.",
    },
    { title: "The short one", text: "DBT Tuesday 2-3:15, all there but Bob (sick). Worked on TIPP. Tom led the closing." },
  ],
  USAM: [
    {
      title: "After the Thursday group",
      text:
        "Process group Thursday 6-7:30, here and now check-in. Grace, Mark, Jon there. Maria Gonzalez, Maria Lindqvist and Hope cancelled. " +
        "Grace talked about her aunt. Mark listened and gave feedback. Jon named two feelings. No safety concerns.",
    },
  ],
};

export const examplesFor = (person) => EXAMPLES[person.id] ?? [];
