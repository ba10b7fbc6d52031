package plan

import (
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

// Room says how much time the schedules of a credential's dependents leave for a rotation.
type Room struct {
	Longest Minutes   `json:"longest"` // the longest time without a run, business hours or a blackout; 0 for none
	Start   time.Time `json:"start"`   // when that is
	Needed  Minutes   `json:"needed"`  // how long the steps take
}

// Fits reports whether a quiet window is long enough for the steps.
func (r Room) Fits() bool { return r.Longest >= r.Needed }

// RoomFor computes the longest quiet window of a credential within the horizon. The register may be nil.
func RoomFor(g *graph.Graph, c *graph.Credential, r *register.Register, o Options) Room {
	if r == nil {
		r = register.Default()
	}
	s := newStudy(g, c, r, o.filled())
	from := s.o.Now.Add(s.o.Lead)
	grid := newGrid(from, s.o.Horizon, s.runs(from), s.rules())
	room := Room{Needed: needed(s.waves())}
	at, length := grid.longest()
	room.Longest = Minutes(length)
	if length > 0 {
		room.Start = grid.start.Add(time.Duration(at) * time.Minute).UTC()
	}
	return room
}

// longest returns the first minute and the length of the longest span in which nothing runs and all is allowed.
func (g *grid) longest() (at, length int) {
	first := 0
	for i := range len(g.forbidden) - 1 {
		if g.forbidden[i+1] > g.forbidden[i] || g.started[i+1] > g.ended[i] {
			first = i + 1
			continue
		}
		if n := i + 1 - first; n > length {
			at, length = first, n
		}
	}
	return at, length
}
