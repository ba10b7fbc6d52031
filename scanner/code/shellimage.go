package code

import (
	"path"
	"strings"
)

// Image says that the text builds an image from a folder: by a Dockerfile, or by a builder that needs none (buildpacks, ko, Jib).
type Image struct {
	Name    string // with its tag; "*" stands for what is computed
	Context string // relative to Dir
	Recipe  string // of the Dockerfile, relative to Dir; "" for none
	Dir     string // as Run says it
	From    string // another image that this one is a second name of; there is no Context then
	Offset  int
}

// imageFlags are the flags of docker build and its like that take a value.
const imageFlags = "-t --tag -f --file --build-arg --secret --target --platform --cache-from --cache-to --label --network --progress --ssh --output -o --iidfile " +
	"--add-host --shm-size --builder --build-context --metadata-file --isolation --registry -r --config --timeout --path -p --env -e --image --run-image --volume --name -n " +
	"--destination --context --dockerfile --bare --sbom --tags --env-file --descriptor --publish-to"

// builders are the commands that build images, with what reads their words.
var builders = map[string]func(*script, *invocation){
	"docker": (*script).dockerImage, "podman": (*script).dockerImage, "buildah": (*script).dockerImage, "nerdctl": (*script).dockerImage, "img": (*script).dockerImage,
	"executor": (*script).kaniko, "pack": (*script).packImage, "ko": (*script).koImage, "gcloud": (*script).cloudImage, "az": (*script).cloudImage,
	"skopeo": (*script).copiedImage, "crane": (*script).copiedImage, "gcrane": (*script).copiedImage,
	"nixpacks": (*script).packImage, "s2i": (*script).sourceImage,
	"mvn": (*script).jvmImage, "mvnw": (*script).jvmImage, "gradle": (*script).jvmImage, "gradlew": (*script).jvmImage,
}

// image adds an image that is built. Of a name that is computed as a whole the caller may know more.
func (s *script) image(name word, context, recipe string) {
	if s.dir == "*" || name.text == "" || strings.ContainsAny(name.text, " \n\"'$<>") || len(name.text) > 2*maxName {
		return
	}
	if context = strings.TrimPrefix(context, "dir://"); strings.Contains(context, "://") || strings.ContainsAny(context, "*$~\n") || strings.HasPrefix(context, "/") || context == "-" {
		return
	}
	if strings.ContainsAny(recipe, "*$~\n") {
		recipe = ""
	}
	s.out.Images = append(s.out.Images, Image{Name: name.text, Context: path.Clean(context), Recipe: recipe, Dir: s.dir, Offset: name.offset})
}

// flags returns the values of every mention of the flags.
func (inv *invocation) flags(names ...string) []word {
	var out []word
	for i, w := range inv.words {
		for _, n := range names {
			if v, ok := strings.CutPrefix(w.text, n+"="); ok {
				out = append(out, word{text: v, offset: w.offset + len(n) + 1, vars: w.vars})
			} else if w.text == n && i+1 < len(inv.words) {
				out = append(out, inv.words[i+1])
			}
		}
	}
	return out
}

func (s *script) dockerImage(inv *invocation) {
	list := inv.operands(1, imageFlags)
	if len(list) > 1 && list[0].text == "image" {
		list = list[1:]
	}
	if len(list) == 3 && list[0].text == "tag" {
		s.imageTag(list[1].text, list[2])
		return
	}
	context, recipe, ok := dockerRecipe(inv)
	if !ok {
		return
	}
	for _, w := range inv.flags("-t", "--tag") {
		s.image(w, context, recipe)
	}
}

// dockerRecipe returns the context of a docker build and the path of its Dockerfile; false when the command builds nothing.
func dockerRecipe(inv *invocation) (context, recipe string, ok bool) {
	list := inv.operands(1, imageFlags)
	at := 1
	if len(list) > 1 && list[0].text == "image" {
		list = list[1:]
	}
	switch {
	case len(list) > 1 && (list[0].text == "buildx" || list[0].text == "builder") && list[1].text == "build":
		at = 2
	case len(list) > 0 && (list[0].text == "build" || list[0].text == "bud"):
	default:
		return "", "", false
	}
	if len(list) <= at {
		return "", "", false
	}
	context = list[len(list)-1].text
	recipe = path.Join(context, "Dockerfile")
	if w, ok := inv.flag("-f", "--file"); ok {
		recipe = w.text
	}
	return context, recipe, true
}

// imageTag adds a second name of an image.
func (s *script) imageTag(from string, name word) {
	for _, text := range []string{from, name.text} {
		if strings.Trim(text, "*/:.-") == "" || strings.ContainsAny(text, " \n\"'$<>") || len(text) > 2*maxName {
			return
		}
	}
	s.out.Images = append(s.out.Images, Image{Name: name.text, From: from, Dir: s.dir, Offset: name.offset})
}

// copiedImage reads skopeo copy docker://A docker://B, and crane copy A B.
func (s *script) copiedImage(inv *invocation) {
	list := inv.operands(1, "--src-creds --dest-creds --authfile --platform -j --jobs --format -f --override-os --override-arch --retry-times")
	if len(list) == 3 && (list[0].text == "copy" || list[0].text == "cp") {
		to := list[2]
		to.text = strings.TrimPrefix(to.text, "docker://")
		s.imageTag(strings.TrimPrefix(list[1].text, "docker://"), to)
	}
}

func (s *script) kaniko(inv *invocation) {
	context, rooted := strings.CutPrefix(inv.option("--context", "-c"), "$ROOT")
	context = strings.TrimPrefix(context, "/")
	if rooted {
		defer func(dir string) { s.dir = dir }(s.dir)
		s.dir = "/"
	}
	if context == "" {
		context = "."
	}
	recipe := path.Join(context, "Dockerfile")
	if w, ok := inv.flag("--dockerfile", "-f"); ok {
		recipe = strings.TrimPrefix(strings.TrimPrefix(w.text, "$ROOT"), "/")
	}
	for _, w := range inv.flags("--destination", "-d") {
		s.image(w, context, recipe)
	}
}

// packImage reads pack build NAME --path DIR, and nixpacks build DIR --name NAME.
func (s *script) packImage(inv *invocation) {
	list := inv.operands(1, imageFlags+" --builder -B --buildpack -b --creation-time --default-process -D --tag -t")
	if len(list) < 2 || list[0].text != "build" {
		return
	}
	if inv.name() == "nixpacks" {
		for _, w := range inv.flags("--name", "-n", "--tag", "-t") {
			s.image(w, list[1].text, "")
		}
		return
	}
	context := "."
	if w, ok := inv.flag("--path", "-p"); ok {
		context = w.text
	}
	s.image(list[1], context, "")
}

// koImage reads ko build ./cmd/x: the image is named by the registry that KO_DOCKER_REPO holds and the last word of the path.
func (s *script) koImage(inv *invocation) {
	list := inv.operands(1, imageFlags)
	if len(list) < 2 || list[0].text != "build" && list[0].text != "publish" {
		return
	}
	for _, w := range list[1:] {
		if strings.HasPrefix(w.text, "./") {
			s.image(word{text: "*/" + path.Base(w.text), offset: w.offset}, w.text, "")
		}
	}
}

// cloudImage reads gcloud builds submit --tag NAME DIR, and az acr build -t NAME -r REGISTRY DIR.
func (s *script) cloudImage(inv *invocation) {
	list := inv.operands(1, imageFlags+" --project --region --gcs-source-staging-dir --substitutions --subscription -g --resource-group")
	words := []string{"builds", "submit"}
	if inv.name() == "az" {
		words = []string{"acr", "build"}
	}
	if len(list) < 2 || list[0].text != words[0] || list[1].text != words[1] {
		return
	}
	context := "."
	if len(list) > 2 {
		context = list[len(list)-1].text
	}
	recipe := path.Join(context, "Dockerfile")
	if w, ok := inv.flag("-f", "--file"); ok && inv.name() == "az" {
		recipe = w.text
	}
	prefix := ""
	if r := inv.option("-r", "--registry"); r != "" && inv.name() == "az" {
		prefix = strings.TrimSuffix(r, ".azurecr.io") + ".azurecr.io/"
	}
	for _, w := range inv.flags("-t", "--tag", "--image") {
		w.text = prefix + w.text
		s.image(w, context, recipe)
	}
	if w, ok := inv.flag("--pack"); ok {
		for _, f := range strings.Split(w.text, ",") {
			if name, ok := strings.CutPrefix(f, "image="); ok {
				s.image(word{text: name, offset: w.offset}, context, "")
			}
		}
	}
}

// sourceImage reads s2i build DIR BUILDER NAME.
func (s *script) sourceImage(inv *invocation) {
	if list := inv.operands(1, imageFlags); len(list) == 4 && list[0].text == "build" {
		s.image(list[3], list[1].text, "")
	}
}

// jvmImage reads the properties that name the image which Jib or Spring Boot builds.
func (s *script) jvmImage(inv *invocation) {
	for _, w := range inv.words[1:] {
		flag, name, ok := strings.Cut(w.text, "=")
		switch flag {
		case "-Djib.to.image", "-Dimage", "-Dspring-boot.build-image.imageName", "--image", "--imageName", "-Djib.container.image", "-Dquarkus.container-image.image":
			if ok {
				s.image(word{text: name, offset: w.offset}, ".", "")
			}
		}
	}
}
