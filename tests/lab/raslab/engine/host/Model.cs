// Copyright (c) 2026, FleetOps contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a script changes, or what may change while it runs, is asked of the model behind the machine.
using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net.Sockets;
using System.Security.AccessControl;
using System.Text;
using System.Text.RegularExpressions;

namespace FakeWindows
{
    public static class Model
    {
        /// <summary>One line of JSON to the model, one back.</summary>
        public static string Ask(string question)
        {
            if (Machine.Current.Model == "") throw new InvalidOperationException("FakeWindows: no model answers here");
            using (Socket socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                socket.Connect(new UnixDomainSocketEndPoint(Machine.Current.Model));
                using (NetworkStream stream = new NetworkStream(socket, false))
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(question + "\n");
                    stream.Write(bytes, 0, bytes.Length);
                    string answer = new StreamReader(stream, new UTF8Encoding(false)).ReadLine();
                    if (answer == null) throw new IOException("FakeWindows: the model gave no answer");
                    return answer;
                }
            }
        }
    }

    /// <summary>The part of a security descriptor that scripts use.</summary>
    public sealed class Acl
    {
        public string Path { get; private set; }
        public string Owner { get; private set; }
        public string Sddl { get; private set; }

        public Acl(string path, string owner, string sddl) { Path = path; Owner = owner; Sddl = sddl; }

        public void SetSecurityDescriptorSddlForm(string text, AccessControlSections sections)
        {
            if (sections != (AccessControlSections.Owner | AccessControlSections.Access))
                throw new NotSupportedException("FakeWindows: these parts of a security descriptor are not modelled");
            Match given = Regex.Match(text, @"^O:(?<owner>[A-Z]{2}|S-[\d-]+)D:P(?<list>(\([^()]+\))+)$");
            if (!given.Success) throw new ArgumentException("FakeWindows: the descriptor " + text + " is not modelled");
            string group = Regex.Match(Sddl, @"G:([A-Z]{2}|S-[\d-]+)").Groups[1].Value;
            // Windows adds to a protected list that its inheritance was computed.
            Sddl = "O:" + given.Groups["owner"].Value + "G:" + group + "D:PAI" + given.Groups["list"].Value;
        }
    }

    /// <summary>System.Threading.Mutex for scripts: those that the machine's table says somebody holds.</summary>
    public sealed class WindowsMutex : IDisposable
    {
        public void Dispose() { }
        public void Close() { }

        public static bool TryOpenExisting(string name, out WindowsMutex found)
        {
            found = null;
            PSObject table = Machine.Current.Data.Properties["mutexes"] == null ? null : PSObject.AsPSObject(Machine.Current.Data.Properties["mutexes"].Value);
            PSPropertyInfo held = table == null ? null : table.Properties[name];
            if (held == null) return false;
            if ((string)held.Value == "denied") throw new UnauthorizedAccessException("Access to the path is denied.");
            found = new WindowsMutex();
            return true;
        }
    }
}
