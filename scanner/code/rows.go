package code

// javaRows are Java's, Kotlin's, Groovy's and Scala's.
var javaRows = []row{
	{via: "java-getenv", anchor: "System.getenv", shape: call, sure: certain},
	{via: "java-getenv", anchor: "System.getenv()", shape: index, sure: certain},
	{via: "java-getenv", anchor: "System.getenv().get", shape: call, sure: certain},
	{via: "java-getenv", anchor: "System.getenv().getOrDefault", shape: call, sure: certain},
	{via: "java-getenv", anchor: "System.getenv().containsKey", shape: call, sure: certain},
	{via: "scala-env", anchor: "sys.env", shape: call, sure: certain},
	{via: "scala-env", anchor: "sys.env.get", shape: call, sure: certain},
	{via: "scala-env", anchor: "sys.env.getOrElse", shape: call, sure: certain},
	{via: "groovy-env", anchor: "System.env", shape: member, sure: certain},
	{via: "groovy-env", anchor: "System.env", shape: index, sure: certain},
	{via: "gradle-env", anchor: "providers.environmentVariable", shape: call, sure: certain},
	{via: "java-dotenv", anchor: "dotenv.get", shape: call, sure: high},
	{via: "java-dotenv", anchor: "dotenv", shape: index, sure: high},
	{via: "java-property", anchor: "env.getProperty", shape: call, sure: high, prop: true},
	{via: "java-property", anchor: "environment.getProperty", shape: call, sure: high, prop: true},
	{via: "java-property", anchor: "env.getRequiredProperty", shape: call, sure: high, prop: true},
	{via: "java-property", anchor: "environment.getRequiredProperty", shape: call, sure: high, prop: true},
	{via: "java-property", anchor: "getEnvironment().getProperty", shape: call, sure: high, prop: true, dotted: true},
	{via: "java-property", anchor: "getProperty", shape: call, sure: medium, prop: true, dotted: true, need: "core.env.Environment"},
	{via: "java-property", anchor: "getRequiredProperty", shape: call, sure: medium, prop: true, dotted: true, need: "core.env.Environment"},
	{via: "java-property", anchor: "System.getProperty", shape: call, sure: medium, prop: true},
	{via: "java-property", anchor: "getProperty", shape: call, sure: medium, prop: true, dotted: true, need: "io.micronaut.context"},
	{via: "java-property", anchor: "config.getString", shape: call, sure: medium, prop: true, need: "com.typesafe.config"},
	{via: "gradle-property", anchor: "findProperty", shape: command, sure: high, prop: true, dotted: true},
	{via: "gradle-property", anchor: "providers.gradleProperty", shape: call, sure: high, prop: true},
	{via: "gradle-property", anchor: "project.property", shape: call, sure: high, prop: true},
	{via: "java-property", anchor: "ConfigProvider.getConfig().getValue", shape: call, sure: high, prop: true},
	{via: "java-spel-env", anchor: "systemEnvironment", shape: index, sure: certain},
}

// sharpRows are C#'s.
var sharpRows = []row{
	{via: "cs-getenv", anchor: "Environment.GetEnvironmentVariable", shape: call, sure: certain, dotted: true},
	{via: "cs-getenv-all", anchor: "Environment.GetEnvironmentVariables", shape: whole, dotted: true},
	{via: "cs-configuration", anchor: "Configuration", shape: index, sure: high, prop: true, dotted: true},
	{via: "cs-configuration", anchor: "configuration", shape: index, sure: high, prop: true, dotted: true},
	{via: "cs-configuration", anchor: "_configuration", shape: index, sure: high, prop: true, dotted: true},
	{via: "cs-configuration", anchor: "config", shape: index, sure: medium, prop: true, need: "IConfig"},
	{via: "cs-configuration", anchor: "_config", shape: index, sure: medium, prop: true, need: "IConfig"},
	{via: "cs-configuration", anchor: "GetValue<string>", shape: call, sure: high, prop: true, dotted: true},
	{via: "cs-configuration", anchor: "GetRequiredValue", shape: call, sure: high, prop: true, dotted: true},
	{via: "cs-configuration", anchor: "ConfigurationManager.AppSettings", shape: index, sure: high, prop: true, dotted: true},
	{via: "cs-configuration", anchor: "ConfigurationManager.AppSettings.Get", shape: call, sure: high, prop: true, dotted: true},
	{via: "cs-connection-string", anchor: "ConfigurationManager.ConnectionStrings", shape: index, sure: high, prop: true, dotted: true, prefix: "ConnectionStrings:"},
	{via: "cs-trigger-connection", anchor: "Connection =", shape: command, sure: medium, prop: true, need: ".Azure.WebJobs"},
	{via: "cs-trigger-connection", anchor: "Connection =", shape: command, sure: medium, prop: true, need: ".Azure.Functions"},
	{via: "cs-connection-string", anchor: "GetConnectionString", shape: call, sure: high, prop: true, dotted: true, prefix: "ConnectionStrings:"},
}

// rubyRows are Ruby's.
var rubyRows = []row{
	{via: "rb-env", anchor: "ENV", shape: index, sure: certain},
	{via: "rb-env", anchor: "ENV.fetch", shape: command, sure: certain},
	{via: "rb-env", anchor: "ENV.dig", shape: command, sure: certain},
	{via: "rb-env", anchor: "ENV.key?", shape: command, sure: certain},
	{via: "rb-env", anchor: "ENV.has_key?", shape: command, sure: certain},
	{via: "rb-env", anchor: "ENV.include?", shape: command, sure: certain},
	{via: "rb-env", anchor: "ENV.member?", shape: command, sure: certain},
	{via: "rb-env", anchor: "ENV.values_at", shape: calls, sure: certain},
	{via: "rb-env", anchor: "ENV.slice", shape: calls, sure: certain},
	{via: "rb-env-all", anchor: "ENV.to_h", shape: whole},
	{via: "rb-figaro", anchor: "Figaro.env", shape: member, sure: high},
}

// phpRows are PHP's.
var phpRows = []row{
	{via: "php-getenv", anchor: "getenv", shape: call, sure: certain},
	{via: "php-env", anchor: "$_ENV", shape: index, sure: certain},
	{via: "php-env", anchor: "env", shape: call, sure: certain},
	{via: "php-env", anchor: "Env::get", shape: call, sure: certain, dotted: true},
}

// rustRows are Rust's.
var rustRows = []row{
	{via: "rust-env", anchor: "env::var", shape: call, sure: certain},
	{via: "rust-env", anchor: "env::var_os", shape: call, sure: certain},
	{via: "rust-env", anchor: "dotenvy::var", shape: call, sure: certain},
	{via: "rust-env", anchor: "dotenv::var", shape: call, sure: certain},
	{via: "rust-env", anchor: "var", shape: call, sure: medium, upper: true, need: "var("},
	{via: "rust-env-macro", anchor: "env!", shape: call, sure: certain},
	{via: "rust-env-macro", anchor: "option_env!", shape: call, sure: certain},
	{via: "rust-env-macro", anchor: "dotenv!", shape: call, sure: certain},
	{via: "rust-clap", anchor: "env =", shape: command, sure: high, upper: true},
	{via: "rust-env-all", anchor: "env::vars()", shape: whole},
	{via: "rust-env-prefix", anchor: "Env::prefixed", shape: call, sure: low, dotted: true},
	{via: "rust-env-prefix", anchor: "envy::prefixed", shape: call, sure: low},
}

// powerRows are PowerShell's.
var powerRows = []row{
	{via: "ps-env", anchor: "$env:", shape: bare, sure: certain},
	{via: "ps-env", anchor: "$Env:", shape: bare, sure: certain},
	{via: "ps-env", anchor: "$ENV:", shape: bare, sure: certain},
	{via: "ps-env", anchor: "${env:", shape: bare, sure: certain},
	{via: "ps-getenv", anchor: "::GetEnvironmentVariable", shape: call, sure: certain, dotted: true},
	{via: "ps-env-item", anchor: "Test-Path env:", shape: bare, sure: certain},
	{via: "ps-env-item", anchor: "Get-Item env:", shape: bare, sure: certain},
}

// elixirRows are Elixir's.
var elixirRows = []row{
	{via: "ex-get-env", anchor: "System.get_env", shape: command, sure: certain},
	{via: "ex-get-env", anchor: "System.fetch_env!", shape: command, sure: certain},
	{via: "ex-get-env", anchor: "System.fetch_env", shape: command, sure: certain},
	{via: "ex-system", anchor: "{:system,", shape: command, sure: high},
}

// The rows of languages with one or two ways to read the environment.
var (
	perlRows    = []row{{via: "pl-env", anchor: "$ENV{", shape: command, sure: certain}, {via: "pl-env", anchor: "$ENV{", shape: bare, sure: certain}}
	luaRows     = []row{{via: "lua-getenv", anchor: "os.getenv", shape: command, sure: certain}}
	rRows       = []row{{via: "r-getenv", anchor: "Sys.getenv", shape: call, sure: certain}}
	dartRows    = []row{{via: "dart-env", anchor: "Platform.environment", shape: index, sure: certain}, {via: "dart-define", anchor: "String.fromEnvironment", shape: call, sure: certain}}
	swiftRows   = []row{{via: "swift-env", anchor: "processInfo.environment", shape: index, sure: certain, dotted: true}, {via: "swift-env", anchor: "Environment.get", shape: call, sure: high}}
	cRows       = []row{{via: "c-getenv", anchor: "getenv", shape: call, sure: certain}, {via: "c-getenv", anchor: "secure_getenv", shape: call, sure: certain}}
	clojureRows = []row{{via: "clj-getenv", anchor: "System/getenv", shape: command, sure: certain}}
)
