package graph

// Track notes the register's entry of every credential: entry returns its name, "" for one that is not tracked.
func (g *Graph) Track(entry func(*Credential) string) {
	for i := range g.credentials {
		g.credentials[i].Register = entry(&g.credentials[i])
	}
	for i := range g.listed {
		g.listed[i].Register = entry(&g.listed[i])
	}
}
