/// Command lines of `reg.exe` about the values, in the 64-bit view of the registry also when a 32-bit program runs them: there
/// the values would land under WOW6432Node.
enum RegCommand {
    /// - Parameters:
    ///   - reg: the program, quoted if it has to be.
    ///   - quoted: writes one argument for who reads the line first.
    static func add(_ value: SignupValue, reg: String = "reg", _ quoted: (String) -> String = WindowsArgument.quoted) -> String {
        "\(reg) add \(quoted(MSOKey.shortPath)) /v \(value.name.rawValue) /t REG_SZ /d \(quoted(value.data)) /f /reg:64"
    }

    /// The same for where characters are few: REG_SZ is the type that `reg.exe` takes when none is named, and Windows finds it as
    /// `reg`.
    static func shortAdd(_ value: SignupValue) -> String {
        let quoted = WindowsArgument.quoted
        return "reg add \(quoted(MSOKey.shortPath)) /v \(value.name.rawValue) /d \(quoted(value.data)) /f /reg:64"
    }

    static func query(
        _ name: SignupValue.Name, reg: String = "reg", _ quoted: (String) -> String = WindowsArgument.quoted
    ) -> String {
        "\(reg) query \(quoted(MSOKey.shortPath)) /v \(name.rawValue) /reg:64"
    }

    static func delete(
        _ name: SignupValue.Name, reg: String = "reg", _ quoted: (String) -> String = WindowsArgument.quoted
    ) -> String {
        "\(reg) delete \(quoted(MSOKey.shortPath)) /v \(name.rawValue) /f /reg:64"
    }
}
