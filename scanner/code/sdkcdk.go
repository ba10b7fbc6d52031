package code

import "github.com/rotamap/rotamap/scanner/lazy"

// construct is what stands before the name in a construct of AWS's CDK: the scope, and for most an id.
const (
	construct   = `^\(\s*[\w.]+\s*,\s*(?:["'\x60][^"'\x60\n]*["'\x60]|[\w.]+(?:\([^()\n]*\))?)\s*,\s*`
	named       = `(?:[\w]+\s*=\s*)?`
	inScope     = `^\(\s*[\w.]+\s*,\s*`
	propertyKey = `["']?\s*[:=]\s*`
)

// cdks are the lookups of AWS's CDK, in TypeScript, Python, Java and C#. Source: its API reference.
var cdks = []sdk{
	{via: "cdk-aws-sm", anchor: "from_secret_name_v2", match: lazy.New(construct + named + quoted), slot: simpleSlot("aws-sm", "*/*"), inner: true},
	{via: "cdk-aws-sm", anchor: "FromSecretNameV2", match: lazy.New(construct + quoted), slot: simpleSlot("aws-sm", "*/*"), inner: true},
	{via: "cdk-aws-sm", anchor: "fromSecretCompleteArn", match: lazy.New(construct + quoted), slot: simpleSlot("aws-sm", "*/*"), inner: true},
	{via: "cdk-aws-sm", anchor: "fromSecretPartialArn", match: lazy.New(construct + quoted), slot: simpleSlot("aws-sm", "*/*"), inner: true},
	{via: "cdk-aws-sm", anchor: "from_secret_complete_arn", match: lazy.New(construct + named + quoted), slot: simpleSlot("aws-sm", "*/*"), inner: true},
	{via: "cdk-aws-sm", anchor: "SecretValue.secrets_manager", match: lazy.New(`^\(\s*` + quoted + `(?:\s*,\s*json_field\s*=\s*["'](\w+)["'])?`), slot: simpleSlot("aws-sm", "*/*")},
	{via: "cdk-aws-ssm", anchor: "valueForSecureStringParameter", match: lazy.New(inScope + quoted), slot: simpleSlot("aws-ssm", "*/*"), inner: true},
	{via: "cdk-aws-ssm", anchor: "value_for_secure_string_parameter", match: lazy.New(inScope + named + quoted), slot: simpleSlot("aws-ssm", "*/*"), inner: true},
	{via: "cdk-aws-ssm", anchor: "value_for_string_parameter", match: lazy.New(inScope + named + quoted), slot: simpleSlot("aws-ssm", "*/*"), inner: true},
	{via: "cdk-aws-ssm", anchor: "fromSecureStringParameterAttributes", match: lazy.New(`^\([^;]{0,200}?parameterName` + propertyKey + quoted), slot: simpleSlot("aws-ssm", "*/*"), inner: true},
	{via: "cdk-aws-ssm", anchor: "from_secure_string_parameter_attributes", match: lazy.New(`^\([^;]{0,200}?parameter_name` + propertyKey + quoted), slot: simpleSlot("aws-ssm", "*/*"), inner: true},
	{via: "cdk-aws-ssm", anchor: "SecretValue.ssm_secure", match: lazy.New(`^\(\s*` + quoted), slot: simpleSlot("aws-ssm", "*/*")},
}
