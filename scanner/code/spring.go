package code

import (
	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	annotation    = lazy.New(`^\s*\(\s*(?:value\s*=\s*|name\s*=\s*|prefix\s*=\s*)?\[?\s*`)
	namedProperty = lazy.New(`\bname\s*=\s*["']([\w.-]+)["']`)
)

// annotations are Spring's and MicroProfile's ways to have a property injected.
var annotations = []struct {
	anchor, via string
	read        func(*scan, string, int)
}{
	{"@Value", "java-value", (*scan).placeholders},
	{"@ConfigProperty", "java-config-property", (*scan).configProperty},
	{"@Property", "java-config-property", (*scan).configProperty},
	{"@ConfigurationProperties", "java-config-properties", (*scan).configProperties},
	{"@ConfigMapping", "java-config-properties", (*scan).configProperties},
	{"@PropertySource", "java-value", (*scan).placeholders},
	{"@Scheduled", "java-value", (*scan).placeholders},
	{"@FeignClient", "java-value", (*scan).placeholders},
	{"@ConditionalOnProperty", "java-config-property", (*scan).configProperty},
	{"@Requires", "java-config-property", (*scan).requires},
	{"@RegisteredOAuth2AuthorizedClient", "java-oauth2-client", (*scan).clientRegistration},
	{"clientRegistrationId", "java-oauth2-client", (*scan).clientRegistration},
	{"setDefaultClientRegistrationId", "java-oauth2-client", (*scan).clientRegistration},
	{"withClientRegistrationId", "java-oauth2-client", (*scan).clientRegistration},
	{"findByRegistrationId", "java-oauth2-client", (*scan).clientRegistration},
	{"registrationId", "java-oauth2-client", (*scan).clientRegistration},
}

var springMarks = []string{"@Value", "@Config", "@Propert", "@Scheduled", "@FeignClient", "@Requires", "@Conditional", "egistrationId", "@RegisteredOAuth2"}

// spring reads annotations that inject properties: @Value("${a.b:default}") and their like.
func spring(s *scan) {
	for _, a := range annotations {
		s.each(a.anchor, true, func(_, end int) {
			if !isWord(s.at(end)) {
				a.read(s, a.via, end)
			}
		})
	}
	s.each("System.getenv()", false, func(start, end int) {
		if c := s.at(end); c != '.' && c != '[' {
			s.read("*", "java-getenv", start, low)
		}
	})
}

// bracket returns the text from the opening bracket behind off to the closing one.
func (s *scan) bracket(off int) (span, bool) {
	off = s.skipSpace(off)
	if s.at(off) != '(' {
		return span{}, false
	}
	depth := 0
	for i := off; i < min(len(s.code), off+2000); i++ {
		switch s.code[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return span{off, i}, true
			}
		}
	}
	return span{}, false
}

var placeholder = lazy.New(`\$\{([A-Za-z_][\w.\[\]-]*)`)

// placeholders reads every ${name} among an annotation's arguments, nested defaults included.
func (s *scan) placeholders(via string, off int) {
	b, ok := s.bracket(off)
	if !ok {
		return
	}
	for _, m := range placeholder.FindAllSubmatchIndex(s.code[b.from:b.to], 20) {
		s.property(string(s.code[b.from+m[2]:b.from+m[3]]), via, b.from+m[2], certain)
	}
	for _, m := range spelEnvironment.FindAllSubmatchIndex(s.code[b.from:b.to], 20) {
		s.read(string(s.code[b.from+m[2]:b.from+m[3]]), "java-spel-env", b.from+m[2], certain)
	}
}

var spelEnvironment = lazy.New(`systemEnvironment(?:\[['"]|\.)([A-Za-z_]\w*)`)

func (s *scan) property(name, via string, off int, sure confidence) {
	if validProperty(name) {
		s.out.Reads = append(s.out.Reads, Read{Name: name, Via: via, Offset: off, Sure: sure, Property: true})
	}
}

// registered is the name of a client behind what takes it: clientRegistrationId("mail"), registrationId = "mail".
var registered = lazy.New(`^\s*(?:\(\s*(?:registrationId\s*=\s*|value\s*=\s*)?|=\s*)"([\w.-]+)"`)

// clientRegistration reads the use of an OAuth 2 client of Spring Security by its name: what it logs in with is the secret that the
// configuration registers under that name. Source: the reference of Spring Security on OAuth2 clients.
func (s *scan) clientRegistration(via string, off int) {
	if m := registered.FindSubmatchIndex(s.code[off:min(len(s.code), off+200)]); m != nil {
		s.property("spring.security.oauth2.client.registration."+string(s.code[off+m[2]:off+m[3]])+".client-secret", via, off+m[2], certain)
	}
}

// configProperty reads @ConfigProperty(name = "a.b").
func (s *scan) configProperty(via string, off int) {
	if b, ok := s.bracket(off); ok {
		if m := namedProperty.FindSubmatchIndex(s.code[b.from:b.to]); m != nil {
			s.property(string(s.code[b.from+m[2]:b.from+m[3]]), via, b.from+m[2], certain)
		}
	}
}

// serverVariables are what PHP's $_SERVER holds besides the environment.
var serverVariables = lazy.New(`^(?:HTTP_|HTTPS$|REQUEST_|SERVER_|REMOTE_|SCRIPT_|DOCUMENT_|QUERY_STRING$|PHP_|PATH_|GATEWAY_|CONTENT_|ORIG_|argv$|argc$|REDIRECT_|UNIQUE_ID$|AUTH_TYPE$)`)

// phpServer reads $_SERVER['X'] where X is none of the request's own variables, and Symfony's %env(X)%.
func phpServer(s *scan) {
	r := &row{via: "php-server", shape: index, sure: high, upper: true}
	s.each("$_SERVER", false, func(start, end int) {
		for _, a := range s.shaped(index, end) {
			if !serverVariables.MatchString(a.name) {
				s.found(r, start, a)
			}
		}
	})
	if !lazy.Contains(s.src, "%env(") {
		return
	}
	for _, m := range symfonyEnv.FindAllSubmatchIndex(s.code, 100) {
		s.read(string(s.code[m[2]:m[3]]), "php-symfony-env", m[2], certain)
	}
}

var symfonyEnv = lazy.New(`%env\((?:[\w.-]*:)*([A-Za-z_]\w*)\)%`)
