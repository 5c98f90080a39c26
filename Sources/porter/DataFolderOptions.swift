import ArgumentParser

/// `--data`, as every command that reads or changes recorded facts takes it.
struct DataFolderOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: ArgumentHelp("The data folder: all that must be backed up. (default: var)", valueName: "dir"))
    var data: String?

    /// The folder from the flag, the environment (`PORTER_DATA`) or `porter.yaml`.
    func dataPath() async throws -> String {
        try await configuration.settings().string("data", flag: data, default: "var")
    }
}
