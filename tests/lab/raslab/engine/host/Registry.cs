// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A registry in memory, and a provider of it with the drives HKLM: and HKCU:, after the behavior of the real one.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace FakeWindows
{
    /// <summary>What a value holds that the real API cannot read, such as a DWORD of three bytes.</summary>
    public sealed class Malformed { public override string ToString() { return "malformed"; } }

    public sealed class RegistryKey
    {
        private readonly RegistryKey _parent;
        private readonly string _leaf;
        /// <summary>Whether its permissions keep everybody out.</summary>
        public bool Denied;
        internal readonly SortedDictionary<string, RegistryKey> Keys =
            new SortedDictionary<string, RegistryKey>(StringComparer.OrdinalIgnoreCase);
        internal readonly Dictionary<string, object> Values = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);

        internal RegistryKey(RegistryKey parent, string leaf) { _parent = parent; _leaf = leaf; }

        public string Name { get { return _parent == null || _parent._leaf == "" ? _leaf : _parent.Name + "\\" + _leaf; } }
        public int SubKeyCount { get { return Keys.Count; } }
        public int ValueCount { get { return Values.Count; } }
        public string[] GetSubKeyNames() { return Keys.Keys.ToArray(); }
        public string[] GetValueNames() { return Values.Keys.ToArray(); }
        public object GetValue(string name) { return GetValue(name, null); }
        public object GetValue(string name, object otherwise)
        {
            object value;
            if (!Values.TryGetValue(name ?? "", out value)) return otherwise;
            if (value is Malformed) throw new InvalidCastException("Specified cast is not valid.");
            return value;
        }
        public void SetValue(string name, object value) { Values[name ?? ""] = value; }
        public void DeleteValue(string name) { Values.Remove(name ?? ""); }
        public RegistryKey OpenSubKey(string path) { return Find(path, false); }
        public RegistryKey OpenSubKey(string path, bool writable) { return Find(path, false); }
        public RegistryKey CreateSubKey(string path) { return Find(path, true); }
        public void Close() { }
        public void Dispose() { }
        public override string ToString() { return Name; }

        internal RegistryKey Find(string path, bool create)
        {
            RegistryKey key = this;
            foreach (string part in path.Split(new[] { '\\', '/' }, StringSplitOptions.RemoveEmptyEntries))
            {
                RegistryKey next;
                if (!key.Keys.TryGetValue(part, out next))
                {
                    if (!create) return null;
                    key.Keys[part] = next = new RegistryKey(key, part);
                }
                key = next;
            }
            return key;
        }
    }

    [CmdletProvider("Registry", ProviderCapabilities.ShouldProcess)]
    public sealed class RegistryProvider : NavigationCmdletProvider, IPropertyCmdletProvider
    {
        protected override Collection<PSDriveInfo> InitializeDefaultDrives()
        {
            Session.AddDrives(SessionState);
            return new Collection<PSDriveInfo> {
                new PSDriveInfo("HKLM", ProviderInfo, "HKEY_LOCAL_MACHINE", "", null),
                new PSDriveInfo("HKCU", ProviderInfo, "HKEY_CURRENT_USER", "", null) };
        }

        public override char ItemSeparator { get { return '\\'; } }
        public override char AltItemSeparator { get { return '\\'; } }

        private static RegistryKey Look(string path) { return Machine.Current.Registry.Find(path, false); }

        private static ErrorRecord NotAllowed(string path)
        {
            return new ErrorRecord(new System.Security.SecurityException("Requested registry access is not allowed."),
                "System.Security.SecurityException", ErrorCategory.PermissionDenied, path);
        }

        private RegistryKey Need(string path)
        {
            RegistryKey key = Look(path);
            if (key != null && key.Denied)
            {
                WriteError(NotAllowed(path));
                return null;
            }
            if (key == null) WriteError(new ErrorRecord(new ItemNotFoundException("Cannot find path '" + path +
                "' because it does not exist."), "PathNotFound", ErrorCategory.ObjectNotFound, path));
            return key;
        }

        protected override bool IsValidPath(string path) { return !string.IsNullOrEmpty(path); }
        // As the real one: whether a key is there to which nobody has a right is an error.
        protected override bool ItemExists(string path)
        {
            RegistryKey key = Look(path);
            if (key != null && key.Denied) WriteError(NotAllowed(path));
            return key != null && !key.Denied;
        }
        protected override bool IsItemContainer(string path) { return Look(path) != null; }
        protected override bool HasChildItems(string path) { RegistryKey key = Look(path); return key != null && key.SubKeyCount > 0; }

        // A provider's paths come with whatever separator the platform prefers: one form for all.
        protected override string MakePath(string parent, string child)
        {
            if (string.IsNullOrEmpty(child)) return string.IsNullOrEmpty(parent) ? "" : parent.Replace('/', '\\').TrimEnd('\\') + "\\";
            if (string.IsNullOrEmpty(parent)) return child.Replace('/', '\\');
            return parent.Replace('/', '\\').TrimEnd('\\') + "\\" + child.Replace('/', '\\').TrimStart('\\');
        }
        protected override string GetParentPath(string path, string root)
        {
            path = path.Replace('/', '\\').TrimEnd('\\');
            if (!string.IsNullOrEmpty(root) && string.Equals(path, root.TrimEnd('\\'), StringComparison.OrdinalIgnoreCase)) return "";
            int at = path.LastIndexOf('\\');
            return at < 0 ? "" : path.Substring(0, at);
        }
        protected override string GetChildName(string path)
        {
            path = path.Replace('/', '\\').TrimEnd('\\');
            return path.Substring(path.LastIndexOf('\\') + 1);
        }
        protected override string NormalizeRelativePath(string path, string basePath)
        {
            path = path.Replace('/', '\\').TrimEnd('\\');
            basePath = (basePath ?? "").Replace('/', '\\').TrimEnd('\\');
            if (string.Equals(path, basePath, StringComparison.OrdinalIgnoreCase)) return "";
            return basePath != "" && path.StartsWith(basePath + "\\", StringComparison.OrdinalIgnoreCase)
                ? path.Substring(basePath.Length + 1) : path;
        }

        private void Give(RegistryKey key)
        {
            PSObject item = new PSObject(key);
            // The real provider adds the names of the values, which the table of a key shows.
            item.Properties.Add(new PSNoteProperty("Property", key.GetValueNames().Select(n => n == "" ? "(default)" : n).ToArray()));
            WriteItemObject(item, key.Name, true);
        }
        protected override void GetItem(string path) { RegistryKey key = Need(path); if (key != null) Give(key); }
        protected override void GetChildItems(string path, bool recurse)
        {
            RegistryKey key = Need(path);
            if (key == null) return;
            foreach (RegistryKey child in key.Keys.Values.ToArray())
            {
                if (Stopping) return;
                // As the real one: a key that cannot be opened is an error that hides none of the others.
                if (child.Denied) { WriteError(NotAllowed(child.Name)); continue; }
                Give(child);
                if (recurse) GetChildItems(child.Name, true);
            }
        }
        protected override void GetChildNames(string path, ReturnContainers returnContainers)
        {
            RegistryKey key = Need(path);
            if (key != null) foreach (string name in key.GetSubKeyNames()) WriteItemObject(name, key.Name + "\\" + name, true);
        }
        protected override void NewItem(string path, string itemTypeName, object newItemValue)
        {
            if (!ShouldProcess(path, "New Key")) return;
            RegistryKey key = Machine.Current.Registry.Find(path, true);
            if (newItemValue != null) key.SetValue("", newItemValue);
            Give(key);
        }
        protected override void RemoveItem(string path, bool recurse)
        {
            RegistryKey parent = Look(GetParentPath(path, ""));
            if (parent != null && ShouldProcess(path, "Remove Key")) parent.Keys.Remove(GetChildName(path));
        }

        public void GetProperty(string path, Collection<string> wanted)
        {
            RegistryKey key = Need(path);
            if (key == null) return;
            PSObject bag = new PSObject();
            bool any = false;
            foreach (string name in key.GetValueNames())
            {
                string shown = name == "" ? "(default)" : name;
                if (wanted != null && wanted.Count > 0 && !wanted.Any(w => new WildcardPattern(w, WildcardOptions.IgnoreCase).IsMatch(shown))) continue;
                try
                {
                    bag.Properties.Add(new PSNoteProperty(shown, key.GetValue(name)));
                    any = true;
                }
                catch (InvalidCastException error)
                {
                    // As the real one: one bad value is an error that does not end the cmdlet, unless errors are to stop it.
                    WriteError(new ErrorRecord(error, error.GetType().FullName, ErrorCategory.ReadError, path));
                }
            }
            if (wanted != null)
                foreach (string name in wanted)
                    if (!WildcardPattern.ContainsWildcardCharacters(name) && !key.Values.ContainsKey(name == "(default)" ? "" : name))
                        WriteError(new ErrorRecord(new PSArgumentException("Property " + name + " does not exist at path " + path + "."),
                            "System.Management.Automation.PSArgumentException", ErrorCategory.InvalidArgument, path));
            // A key without values gives nothing at all: $null for the caller.
            if (any) WritePropertyObject(bag, path);
        }
        public void SetProperty(string path, PSObject values)
        {
            RegistryKey key = Need(path);
            if (key == null || !ShouldProcess(path, "Set Property")) return;
            foreach (PSPropertyInfo each in values.Properties) key.SetValue(each.Name == "(default)" ? "" : each.Name, each.Value);
        }
        public void ClearProperty(string path, Collection<string> names)
        {
            RegistryKey key = Need(path);
            if (key != null) foreach (string name in names) key.DeleteValue(name);
        }
        public object GetPropertyDynamicParameters(string path, Collection<string> names) { return null; }
        public object SetPropertyDynamicParameters(string path, PSObject values) { return null; }
        public object ClearPropertyDynamicParameters(string path, Collection<string> names) { return null; }
    }
}
