package githubactions

// known reads a step of an action that the tables know.
func (st *step) known(name string, own variables) {}
