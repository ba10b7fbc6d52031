package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	args := os.Getenv("RM_ARGS")
	if args == "" {
		t.Skip()
	}
	ctx := context.Background()
	if s := os.Getenv("RM_SECS"); s != "" {
		d, _ := time.ParseDuration(s + "s")
		var stop func()
		ctx, stop = context.WithTimeout(ctx, d)
		defer stop()
	}
	if os.Getenv("RM_HEAP") != "" {
		go func() {
			var peak uint64
			for i := 0; ; i++ {
				time.Sleep(2 * time.Second)
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				if m.HeapAlloc > peak {
					peak = m.HeapAlloc
					f, _ := os.Create(os.Getenv("RM_HEAP"))
					_ = pprof.WriteHeapProfile(f)
					f.Close()
					println(i*2, m.HeapAlloc>>20, m.HeapSys>>20, m.Sys>>20)
				}
			}
		}()
	}
	var errb bytes.Buffer
	code := run(ctx, strings.Fields(args), strings.NewReader(""), io.Discard, &errb)
	t.Log(code, errb.String())
}
