package policy

// acceptanceEnded is reported by the pass itself, beside the other rules: an acceptance is about findings.
var acceptanceEnded = Rule{
	ID: "acceptance-ended", Severity: Medium,
	Title:  "An acceptance has run out",
	Why:    "A finding was accepted until a day that has passed; it counts again.",
	Fix:    "Mend the finding, or agree on a new date and change `until` in rotamap.toml.",
	Before: "[[accept]]\nuntil = 2026-01-31",
	After:  "the finding is mended and the [[accept]] deleted",
	check:  func(*pass) {},
}
