// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One pretended Windows machine, and how each new runspace of this process gets to see it.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace FakeWindows
{
    public sealed class Machine
    {
        public static Machine Current = new Machine();
        /// <summary>The folder with one folder for each drive: C stands for C:</summary>
        public string Root = "";
        /// <summary>Where the model listens that answers for all that may change: cmdlets of RAS, rights, signatures.</summary>
        public string Model = "";
        /// <summary>Everything else, as the request has it: services, cim, mutexes, sessions.</summary>
        public PSObject Data = new PSObject();
        public readonly RegistryKey Registry = new RegistryKey(null, "");

        public Machine() { Registry.Find("HKEY_LOCAL_MACHINE", true); Registry.Find("HKEY_CURRENT_USER", true); }

        /// <summary>Adds keys: a path such as HKLM\SOFTWARE\x, and its values.</summary>
        public void AddKey(string path, IDictionary values)
        {
            path = path.Replace("HKLM:", "HKEY_LOCAL_MACHINE").Replace("HKCU:", "HKEY_CURRENT_USER");
            RegistryKey key = Registry.Find(path, true);
            foreach (DictionaryEntry each in values)
            {
                IDictionary typed = each.Value as IDictionary;
                if ((string)each.Key == "$denied") { key.Denied = true; continue; }
                key.SetValue((string)each.Key, typed != null && typed.Contains("malformed") ? new Malformed() : each.Value);
            }
        }
    }

    /// <summary>Stands in for InitialSessionState, so that win_powershell's own runspace is on the machine too.</summary>
    public static class Session
    {
        public static InitialSessionState CreateDefault2()
        {
            // Not its own CreateDefault2: that would look for a module at each first use of a cmdlet, 40 ms a runspace.
            InitialSessionState state = InitialSessionState.CreateDefault();
            // There on Linux, too, but it asks Windows: the pretended one is found in its place.
            state.Commands.Remove("Get-AuthenticodeSignature", typeof(SessionStateCmdletEntry));
            // It would start a program of this platform.
            state.Commands.Remove("Start-Process", typeof(SessionStateCmdletEntry));
            SessionStateProviderEntry registry = new SessionStateProviderEntry("Registry", typeof(RegistryProvider), null);
            // Not public. With it a PSPath begins as on Windows: Microsoft.PowerShell.Core\Registry::
            MethodInfo origin = registry.GetType().GetMethod("SetPSSnapIn", BindingFlags.Instance | BindingFlags.NonPublic);
            if (origin != null) origin.Invoke(registry, new object[] { state.Providers["FileSystem"][0].PSSnapIn });
            state.Providers.Add(registry);
            // FileInfo and DirectoryInfo tell their Windows path: a member of the type table goes before that of .NET.
            TypeData data = new TypeData("System.IO.FileSystemInfo");
            data.Members.Add("FullName", new CodePropertyData("FullName", typeof(Translate).GetMethod("FullName")));
            state.Types.Add(new SessionStateTypeEntry(data, false));
            return state;
        }

        /// <summary>Drives of the real file system provider, each rooted in a folder.</summary>
        internal static void AddDrives(SessionState state)
        {
            if (Machine.Current.Root == "") return;
            ProviderInfo files = state.Provider.GetOne("FileSystem");
            foreach (string folder in Directory.GetDirectories(Machine.Current.Root).OrderBy(f => f))
            {
                string name = Path.GetFileName(folder);
                if (name.Length == 1) state.Drive.New(new PSDriveInfo(name, files, folder, "", null), "global");
            }
        }
    }

    /// <summary>Windows paths to paths below the root, whatever their case, and back.</summary>
    public static class Translate
    {
        public static bool IsWindows(string path)
        {
            return path != null && path.Length > 1 && path[1] == ':' && char.IsLetter(path[0]);
        }

        public static string In(string path)
        {
            if (!IsWindows(path) || Machine.Current.Root == "") return path;
            string at = Path.Combine(Machine.Current.Root, char.ToUpperInvariant(path[0]).ToString());
            foreach (string part in path.Substring(2).Split(new[] { '\\', '/' }, StringSplitOptions.RemoveEmptyEntries))
            {
                string next = Path.Combine(at, part);
                if (!File.Exists(next) && !Directory.Exists(next) && Directory.Exists(at))
                    next = Directory.EnumerateFileSystemEntries(at).FirstOrDefault(
                        e => string.Equals(Path.GetFileName(e), part, StringComparison.OrdinalIgnoreCase)) ?? next;
                at = next;
            }
            return at;
        }

        public static string FullName(PSObject item) { return Out(((FileSystemInfo)item.BaseObject).FullName); }

        public static string Out(string path)
        {
            string root = Machine.Current.Root;
            if (root == "" || path == null || !path.StartsWith(root + "/", StringComparison.Ordinal)) return path;
            string rest = path.Substring(root.Length + 1);
            return rest.Length == 1 ? rest + ":\\" : rest[0] + ":" + rest.Substring(1).Replace('/', '\\');
        }
    }

    public sealed class WindowsFileStream : FileStream
    {
        public readonly FileShare Share;
        public WindowsFileStream(string path, FileMode mode) : this(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite) { }
        public WindowsFileStream(string path, FileMode mode, FileAccess access) : this(path, mode, access, FileShare.Read) { }
        public WindowsFileStream(string path, FileMode mode, FileAccess access, FileShare share)
            : base(Sharing.In(path, share), mode, access, share) { Share = share; Sharing.Add(this); }
        protected override void Dispose(bool disposing) { Sharing.Remove(this); base.Dispose(disposing); }
        public override string Name { get { return Translate.Out(base.Name); } }
    }
}
