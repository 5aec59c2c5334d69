document.getElementById("workspace").textContent = "Slack in the sandbox";
