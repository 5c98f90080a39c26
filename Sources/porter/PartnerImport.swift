import ArgumentParser
import Attribution
import Foundation
import Office

/// `porter partner import FILE.csv`
struct PartnerImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add and change partners from a CSV file.",
        discussion: """
            The file has a header with these columns in any order, only the first three required:
            id,name,status,status_reason,account,parent,agreement,email,language,valid_from,valid_to,programs

            All or nothing: every mistake is listed with its line, and then nothing is imported. Partners that the file does \
            not name stay as they are, and so do values of columns that the file does not have.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The CSV file, in UTF-8.", valueName: "file"))
    var file: String

    @Flag(help: "Only show what would change, field by field.")
    var dryRun = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() async throws {
        let csv = try readFile()
        let name = URL(fileURLWithPath: file).lastPathComponent
        let source = "import of \(name) by \(FolderChanges.userName)"
        let dataPath = try await folder.dataPath()
        do {
            let report = try await report(csv, source: source, folder: dataPath)
            if json { try PartnerConsole.printJSON(report) } else { show(report) }
        } catch let refusal as ImportRefusal {
            throw CommandFailure(refusal)
        }
    }

    /// A dry run only reads, so it needs neither the server nor the lock, but for its line in the access log.
    private func report(_ csv: [UInt8], source: String, folder: String) async throws -> DirectoryReport {
        if dryRun {
            let report = try Office.openReadOnly(folder: folder)
                .importPartners(csv: csv, fileName: file, source: source, by: FolderChanges.caller, at: .now, dryRun: true)
            // What partners are now is shown beside what they would be.
            if report.changed > 0 { await ReadNote.write(.partnerRead, "\(file), what would change", folder: folder) }
            return report
        }
        return try await FolderChanges(folder: folder).make(
            throughServer: { try await $0.importPartners(csv: csv, fileName: file, source: source) },
            directly: { office, _ in
                try office.importPartners(csv: csv, fileName: file, source: source, by: FolderChanges.caller, at: .now)
            })
    }

    private func readFile() throws -> [UInt8] {
        let bytes = try InputFile.bytes(of: file, limit: PartnerCSV.maximumFileBytes, called: file)
        guard bytes.count <= PartnerCSV.maximumFileBytes else {
            throw CommandFailure(
                message: "\(file) is larger than \(PartnerCSV.maximumFileBytes) bytes; import it in parts",
                exitCode: CommandFailure.badRequest)
        }
        return bytes
    }

    private func show(_ report: DirectoryReport) {
        for warning in report.warnings { PartnerConsole.warn(warning) }
        if report.furtherWarnings > 0 { PartnerConsole.warn("and \(report.furtherWarnings) more") }
        if dryRun { showDifferences(report) }
        let counts =
            "\(report.added) added, \(report.changed) changed, \(report.unchanged) unchanged, "
            + "\(report.notNamed) in the directory but not in the file"
        switch report.directoryVersion {
        case let version?: print("\(file): \(counts); directory version \(version)")
        case nil where report.changesNothing: print("\(file): \(counts); nothing to change, no new version")
        case nil: print("\(file): \(counts); a dry run, nothing was written")
        }
    }

    private func showDifferences(_ report: DirectoryReport) {
        for difference in report.differences {
            let fields =
                difference.isNew
                ? difference.fields.filter { $0.field != PartnerColumn.name.rawValue }.map { "\($0.field): \($0.new)" }
                    .joined(separator: ", ")
                : PartnerConsole.text(of: difference.fields)
            print("\(difference.isNew ? "add   " : "change") \(difference.id) \(difference.name)\n         \(fields)")
        }
        if report.furtherDifferences > 0 { print("and \(report.furtherDifferences) more") }
    }
}
