package source

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// SampleCommit is one commit of a repository that WriteRepository makes.
type SampleCommit struct {
	Time        time.Time
	Name, Mail  string
	Message     string
	Files       map[string]string // path -> content
	DeletePaths []string
	Branch      string // a branch that stays at the commit, "" for none
}

// WriteRepository makes a git repository from scratch, on branch main, for the demo and for tests. Equal input
// gives equal commit ids.
func WriteRepository(dir, origin string, commits []SampleCommit) error {
	repo, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName("main")},
	})
	if err != nil {
		return fmt.Errorf("making the repository %q: %w", dir, err)
	}
	if origin != "" {
		if _, err := repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{origin}}); err != nil {
			return fmt.Errorf("making the repository %q: %w", dir, err)
		}
	}
	tree, err := repo.Worktree()
	if err != nil {
		return fmt.Errorf("making the repository %q: %w", dir, err)
	}
	for _, c := range commits {
		if err := writeCommit(dir, tree, c); err != nil {
			return fmt.Errorf("committing to %q: %w", dir, err)
		}
		if err := markBranch(repo, c.Branch); err != nil {
			return fmt.Errorf("making a branch of %q: %w", dir, err)
		}
	}
	return nil
}

// markBranch lets a branch point at the commit made last.
func markBranch(repo *git.Repository, name string) error {
	if name == "" {
		return nil
	}
	head, err := repo.Head()
	if err != nil {
		return err
	}
	return repo.Storer.SetReference(plumbing.NewHashReference(plumbing.NewBranchReferenceName(name), head.Hash()))
}

func writeCommit(dir string, tree *git.Worktree, c SampleCommit) error {
	for name, text := range c.Files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		mode := os.FileMode(0o644)
		if filepath.Ext(name) == ".sh" {
			mode = 0o755
		}
		if err := os.WriteFile(file, []byte(text), mode); err != nil {
			return err
		}
		if _, err := tree.Add(name); err != nil {
			return err
		}
	}
	for _, name := range c.DeletePaths {
		if _, err := tree.Remove(name); err != nil {
			return err
		}
	}
	who := &object.Signature{Name: c.Name, Email: c.Mail, When: c.Time}
	_, err := tree.Commit(c.Message, &git.CommitOptions{Author: who, Committer: who, AllowEmptyCommits: true})
	return err
}
