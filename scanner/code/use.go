package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxDone bounds the uses of one text.
const maxDone = 100

// Endpoint writes a call as its method, host and path: POST api.stripe.com/v1/charges. Of the path only the words of
// the API are kept: an id, a token or whatever else a caller fills in becomes "*". It is "" when the host is not
// literal. Sources of what a word of an API looks like: the paths of the APIs in rules/provider/services.toml.
func Endpoint(method, url string) string {
	host := hostOf(url)
	if host == "" {
		return ""
	}
	_, rest, _ := strings.Cut(url, "://")
	_, path, _ := strings.Cut(rest, "/")
	if i := strings.IndexAny(path, "?#\"'` \n"); i >= 0 {
		path = path[:i]
	}
	var words []string
	for word := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if !apiWord.MatchString(word) || strings.Trim(word, "x") == "" { // formats write an expression as x's
			word = "*"
		}
		if word != "*" || len(words) == 0 || words[len(words)-1] != "*" {
			words = append(words, word)
		}
		if len(words) == maxWords {
			break
		}
	}
	call := strings.ToUpper(method) + " " + host
	if path != "" {
		call += "/" + strings.Join(words, "/")
	}
	return call
}

// maxWords bounds the words of a path that are kept.
const maxWords = 6

// apiWord matches a word of a path that people chose: letters in one case, or a version.
var apiWord = lazy.New(`^(?:v\d{1,3}(?:\.\d{1,2})?|[a-z]{1,20}(?:[-_.][a-z]{1,20}){0,3}|[a-z]{1,15}(?:[A-Z][a-z]{2,15}){1,3})$`)

// sqlStatement matches the verb of an SQL statement at the beginning of a text.
var sqlStatement = lazy.New(`(?i)^\s*(select\s|insert\s+into\s|update\s+[\w."]+\s+set\s|delete\s+from\s|create\s+(?:table|index|view|schema|extension)\s|alter\s+table\s|drop\s+(?:table|index|view|schema)\s|truncate\s|copy\s+[\w."(]|merge\s+into\s|vacuum\b|grant\s|with\s+\w+\s+as\s*\()`)

// Statements lists the verbs of the SQL statements in a text, each once; nil when the text is no SQL.
func Statements(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ";") {
		if m := sqlStatement.FindStringSubmatch(stripComments(part)); m != nil {
			verb := strings.ToUpper(strings.Fields(m[1])[0])
			if verb == "WITH" {
				verb = lastVerb(part)
			}
			out = appendOnce(out, verb)
		}
		if len(out) > 12 {
			break
		}
	}
	return out
}

func stripComments(sql string) string {
	for {
		sql = strings.TrimSpace(sql)
		if !strings.HasPrefix(sql, "--") {
			return sql
		}
		_, rest, ok := strings.Cut(sql, "\n")
		if !ok {
			return ""
		}
		sql = rest
	}
}

// lastVerb is what a statement that begins with WITH does in the end.
func lastVerb(sql string) string {
	upper := strings.ToUpper(sql)
	for _, verb := range []string{"INSERT INTO ", "UPDATE ", "DELETE FROM ", "MERGE INTO "} {
		if strings.Contains(upper, verb) {
			return strings.Fields(verb)[0]
		}
	}
	return "SELECT"
}

// awsAction writes a service of the AWS tools and one of their commands or methods as an action of IAM: put-object and
// put_object of s3api are s3:PutObject. Names of commands and actions differ for few calls; those are in awsNames.
// Source: the service authorization reference of AWS.
func awsAction(service, command string) string {
	if name, ok := awsNames[service+" "+command]; ok {
		return name
	}
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(command, func(r rune) bool { return r == '-' || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	if prefix, ok := awsPrefixes[service]; ok {
		service = prefix
	}
	return service + ":" + b.String()
}

// awsPrefixes are the services whose prefix in IAM is another than their name in the tools.
var awsPrefixes = map[string]string{
	"s3api": "s3", "s3control": "s3", "logs": "logs", "ses": "ses", "sesv2": "ses", "elbv2": "elasticloadbalancing", "elb": "elasticloadbalancing",
	"stepfunctions": "states", "sfn": "states", "events": "events", "cloudwatch": "cloudwatch", "configservice": "config", "deploy": "codedeploy",
	"application-autoscaling": "application-autoscaling", "efs": "elasticfilesystem", "emr": "elasticmapreduce", "es": "es",
	"apigatewayv2": "apigateway", "dynamodbstreams": "dynamodb", "eventbridge": "events", "cloudwatch-logs": "logs",
}

// awsNames are the commands whose action has another name.
var awsNames = map[string]string{
	"s3 ls": "s3:ListBucket", "s3 rm": "s3:DeleteObject", "s3 mb": "s3:CreateBucket", "s3 rb": "s3:DeleteBucket", "s3 presign": "s3:GetObject",
	"s3api list-objects": "s3:ListBucket", "s3api list-objects-v2": "s3:ListBucket", "s3 list_objects": "s3:ListBucket", "s3 list_objects_v2": "s3:ListBucket",
	"s3 ListObjects": "s3:ListBucket", "s3 ListObjectsV2": "s3:ListBucket", "s3 HeadObject": "s3:GetObject", "s3 CopyObject": "s3:PutObject",
	"lambda Invoke":  "lambda:InvokeFunction",
	"s3 upload_file": "s3:PutObject", "s3 upload_fileobj": "s3:PutObject", "s3 download_file": "s3:GetObject", "s3 download_fileobj": "s3:GetObject",
	"s3api head-object": "s3:GetObject", "s3 head_object": "s3:GetObject", "s3 copy_object": "s3:PutObject",
	"lambda invoke": "lambda:InvokeFunction", "lambda update-function-code": "lambda:UpdateFunctionCode",
	"ecr get-login-password": "ecr:GetAuthorizationToken", "ecr get-login": "ecr:GetAuthorizationToken",
	"ses send_email": "ses:SendEmail", "sns publish": "sns:Publish",
}

func appendUse(list []Use, kind, what string, at int) []Use {
	if what == "" || len(list) >= maxDone {
		return list
	}
	return append(list, Use{Kind: kind, What: what, Offset: at})
}

// unseen notes that something is done with a token in a way that the text does not show.
func unseen(list []Use, kind string, at int) []Use {
	return appendUse(list, kind, inventory.UseUnseen, at)
}
