import ArgumentParser

/// `--routes`, as every command that judges requests takes it.
struct RoutesOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: ArgumentHelp("The folder of route files. (default: routes)", valueName: "dir"))
    var routes: String?

    /// The folder from the flag, the environment (`PORTER_ROUTES`) or `porter.yaml`.
    func routesPath() async throws -> String {
        try await configuration.settings().string("routes", flag: routes, default: "routes")
    }
}
