import ArgumentParser
import Configuration
import Foundation
import SystemPackage

/// `--config`: where the options that are not given as flags come from.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file with options by name. (default: porter.yaml, when there is one)",
            discussion: "Flags win over environment variables (PORTER_DATA for --data), those over the file.",
            valueName: "file"))
    var config: String?

    static let defaultFile = "porter.yaml"

    /// Reads environment and file.
    ///
    /// - Throws: ``CommandFailure`` when the file is named but missing, cannot be read, or is no YAML mapping.
    func settings() async throws -> Settings {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "porter")
        let named = config ?? ConfigReader(provider: environment).string(forKey: "config")
        let path = named ?? Self.defaultFile
        let isGiven = named != nil || FileManager.default.fileExists(atPath: path)
        guard isGiven, try ConfigurationFile.hasOptions(path) else {
            return Settings(reader: ConfigReader(provider: environment))
        }
        do {
            let file = try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
            return Settings(reader: ConfigReader(providers: [environment, file]))
        } catch {
            throw CommandFailure(
                message: "the configuration file \(path) can't be read: \(error); name one that exists",
                exitCode: CommandFailure.badRequest)
        }
    }
}
