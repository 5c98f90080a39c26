/// The registry key from which the Office 365 Integration Module reads with whose ID, and where, its customers sign up
/// (Windows Server Essentials ADK, "Add POR ID"; EssentialsDocs, "Replace O365 Integration Module Buy-Try Endpoint URL in Support
/// of Microsoft Online Service Reseller Agreement").
package enum MSOKey {
    /// As `regedit` and exports write the root.
    static let root = "HKEY_LOCAL_MACHINE"
    /// As `reg` and PowerShell write it.
    static let shortRoot = "HKLM"
    /// Below the root.
    static let belowRoot = #"SOFTWARE\Microsoft\Windows Server\MSO"#
    /// Below the hive file `Windows\System32\config\SOFTWARE`.
    static let belowSoftware = #"Microsoft\Windows Server\MSO"#

    /// As exports write it: `HKEY_LOCAL_MACHINE\SOFTWARE\…`.
    package static let path = root + "\\" + belowRoot
    /// As commands take it: `HKLM\SOFTWARE\…`.
    package static let shortPath = shortRoot + "\\" + belowRoot
}
